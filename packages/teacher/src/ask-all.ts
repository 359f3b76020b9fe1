/**
 * Asks questions, so many at a time, and gives the outcomes in their order. The first error stops those under way, and
 * is thrown once they have ended.
 */
export async function askAll<Question, Outcome>(
  questions: readonly Question[],
  lanes: number,
  ask: (question: Question, signal: AbortSignal) => Promise<Outcome>,
  signal?: AbortSignal,
): Promise<Outcome[]> {
  const stop = new AbortController();
  const either = signal ? AbortSignal.any([stop.signal, signal]) : stop.signal;
  const outcomes: Outcome[] = [];
  const waiting = [...questions.entries()];
  let failure: { error: unknown } | undefined;
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      try {
        outcomes[next[0]] = await ask(next[1], either);
      } catch (error) {
        failure ??= { error };
        waiting.length = 0;
        stop.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, questions.length) }, work));
  if (failure !== undefined) {
    throw failure.error;
  }
  return outcomes;
}
