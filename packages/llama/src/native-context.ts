import koffi, { type TypeObject } from "koffi";
import type { AbortFlag } from "./abort-flag.ts";
import type { Lane } from "./lane.ts";
import { Memory } from "./memory.ts";
import type { Native } from "./native.ts";
import type { Pointer } from "./native-library.ts";

/** What a context needs to know of its model. */
export interface ModelShape {
  layerCount: number;
  embeddingSize: number;
  vocabularySize: number;
}

/** The sizes a context was opened with, after rounding. */
export interface ContextShape {
  contextSize: number;
  sequences: number;
  batchSize: number;
  maxOutputs: number;
  /** Positions stay below this: the context's size or what the model was trained on. */
  positions: number;
  hiddenLayers: boolean;
  /** Undefined: as many as the lane finds best. */
  threads: number | undefined;
}

/** An open context, for the functions that work on it; all but freeing it. */
export class NativeContext {
  readonly native: Native;
  readonly pointer: Pointer;
  readonly abort: AbortFlag;
  readonly model: ModelShape;
  readonly shape: ContextShape;
  readonly lane: Lane;
  readonly memory: Memory;
  /** The layers whose inputs the engine keeps at each decode. */
  readonly keptLayers = new Set<number>();
  /** One row of logits, as koffi reads it. */
  readonly logits: TypeObject;

  constructor(
    native: Native,
    pointer: Pointer,
    abort: AbortFlag,
    model: ModelShape,
    shape: ContextShape,
    lane: Lane,
  ) {
    this.native = native;
    this.pointer = pointer;
    this.abort = abort;
    this.model = model;
    this.shape = shape;
    this.lane = lane;
    this.memory = new Memory(native, pointer, shape.sequences);
    this.logits = koffi.array("float", model.vocabularySize, "Typed");
  }
}
