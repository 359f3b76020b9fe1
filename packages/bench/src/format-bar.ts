/** One line on a bar, and whether it is met. */
export const formatBar = (what: string, bar: string, met: boolean): string =>
  `- ${what}; bar: ${bar}: ${met ? "met" : "missed"}`;
