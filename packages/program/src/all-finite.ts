/** Whether no value is infinite or NaN. Times 0 both give NaN, so that one comparison is enough for all. */
export function allFinite(values: Float32Array): boolean {
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    sum += (values[i] as number) * 0;
  }
  return sum === 0;
}
