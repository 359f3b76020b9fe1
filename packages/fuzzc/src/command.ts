export async function main(_words: string[]): Promise<number> {
  return 2;
}
