import type { CompileProgress } from "@fuzzc/compiler";
import type { Progress } from "@fuzzc/models";

/** What is being waited for: a base model that is fetched, or a function that is compiled. */
export type FuzzyProgress = Progress | ({ phase: "compile"; name: string } & CompileProgress);

export type OnFuzzyProgress = (progress: FuzzyProgress) => void;
