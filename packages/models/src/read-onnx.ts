import { FuzzError } from "@fuzzc/program";
import { PbfReader } from "pbf";
import type { SafeTensor } from "./read-safetensors.ts";

// Each limit stops a few bytes from making us keep much more.
const maxTensors = 65_536;
const maxNodes = 1_000_000;
const maxNames = 4_000_000;
const maxDimensions = 8;

// Of the wire format: what is a varint, and what begins with its length.
const varint = 0;
const lengthDelimited = 2;
// Numbers of the fields in onnx.proto.
const inModel = { graph: 7 };
const inGraph = { node: 1, initializer: 5 };
const inNode = { input: 1, output: 2, operator: 4 };
const inTensor = { dimensions: 1, type: 2, name: 8, rawData: 9 };
const float32 = 1; // TensorProto.DataType.FLOAT

/** One step of the computation. */
interface Node {
  operator: string;
  inputs: string[];
  outputs: string[];
}

/** A constant of the graph, as it is stored. */
interface Initialiser {
  name: string;
  type: number;
  shape: number[];
  data: Uint8Array;
}

/**
 * Reads the float32 weights of an ONNX file in memory by their PyTorch names, matrices as (out, in). PyTorch's export
 * keeps all names but those of the matrices of linear layers: these are called `onnx::MatMul_N` and stored
 * transposed. Such a layer's bias, which is added next, has the layer's name.
 * Source: onnx.proto of the ONNX project; files as torch.onnx.export writes them.
 * @throws FuzzError FUZZ_ONNX_INVALID
 */
export function readOnnx(bytes: Uint8Array): Map<string, SafeTensor> {
  try {
    const { nodes, initialisers } = readModel(bytes);
    return nameTensors(initialisers, nameMatrices(nodes));
  } catch (error) {
    // What the wire format's reader throws is plain.
    throw FuzzError.isInstance(error) ? error : invalid((error as Error).message, error);
  }
}

function nameTensors(
  initialisers: readonly Initialiser[],
  matrices: ReadonlyMap<string, string>,
): Map<string, SafeTensor> {
  const tensors = new Map<string, SafeTensor>();
  for (const initialiser of initialisers) {
    if (initialiser.type === float32) {
      const isMatrix = initialiser.name.startsWith("onnx::MatMul_");
      const name = isMatrix ? matrices.get(initialiser.name) : initialiser.name;
      if (name === undefined) {
        throw invalid(`no bias says what the matrix ${initialiser.name} is`);
      }
      if (tensors.has(name)) {
        throw invalid(`it has ${name} twice`);
      }
      const tensor = readFloats(initialiser);
      tensors.set(name, isMatrix ? transpose(name, tensor) : tensor);
    }
  }
  return tensors;
}

/** By the names of the matrices in the file, their real names. */
function nameMatrices(nodes: readonly Node[]): Map<string, string> {
  const biases = new Map<string, string>();
  for (const { operator, inputs } of nodes) {
    const bias = inputs.find((name) => name.endsWith(".bias"));
    if (operator === "Add" && bias !== undefined) {
      for (const other of inputs) {
        biases.set(other, bias);
      }
    }
  }
  const names = new Map<string, string>();
  for (const { operator, inputs, outputs } of nodes) {
    const bias = biases.get(outputs[0] ?? "");
    if (operator === "MatMul" && bias !== undefined && inputs[1] !== undefined) {
      names.set(inputs[1], bias.replace(/bias$/, "weight"));
    }
  }
  return names;
}

function readFloats({ name, shape, data }: Initialiser): SafeTensor {
  const size = shape.reduce((product, length) => product * length, 4);
  if (size !== data.length) {
    throw invalid(`${name} of ${shape.join(" x ")} numbers has ${data.length} bytes`);
  }
  return { dtype: "F32", shape, data };
}

function transpose(name: string, { dtype, shape, data }: SafeTensor): SafeTensor {
  const [rows, columns] = shape;
  if (shape.length !== 2 || rows === undefined || columns === undefined) {
    throw invalid(`${name} has ${shape.length} dimensions`);
  }
  // A copy, because the view may begin between two numbers.
  const given = new Uint32Array(new Uint8Array(data).buffer);
  const turned = new Uint32Array(given.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      turned[column * rows + row] = given[row * columns + column] as number;
    }
  }
  return { dtype, shape: [columns, rows], data: new Uint8Array(turned.buffer) };
}

function readModel(bytes: Uint8Array): { nodes: Node[]; initialisers: Initialiser[] } {
  const nodes: Node[] = [];
  const initialisers: Initialiser[] = [];
  let names = 0;
  const readGraph = (graph: Uint8Array) =>
    readFields(graph, (field, reader) => {
      if (field === inGraph.node) {
        const node = readNode(readBytes(reader));
        names += node.inputs.length + node.outputs.length;
        nodes.push(node);
      } else if (field === inGraph.initializer) {
        initialisers.push(readInitialiser(readBytes(reader)));
      }
      if (nodes.length > maxNodes || names > maxNames || initialisers.length > maxTensors) {
        throw invalid("it has too many nodes, names or tensors");
      }
    });
  readFields(bytes, (field, reader) => {
    if (field === inModel.graph) {
      readGraph(readBytes(reader));
    }
  });
  return { nodes, initialisers };
}

function readNode(bytes: Uint8Array): Node {
  const node: Node = { operator: "", inputs: [], outputs: [] };
  readFields(bytes, (field, reader) => {
    if (field === inNode.input) {
      node.inputs.push(readText(reader));
    } else if (field === inNode.output) {
      node.outputs.push(readText(reader));
    } else if (field === inNode.operator) {
      node.operator = readText(reader);
    }
  });
  return node;
}

function readInitialiser(bytes: Uint8Array): Initialiser {
  const tensor: Initialiser = { name: "", type: 0, shape: [], data: new Uint8Array() };
  readFields(bytes, (field, reader) => {
    if (field === inTensor.dimensions) {
      readDimensions(reader, tensor.shape);
    } else if (field === inTensor.type) {
      tensor.type = readNumber(reader);
    } else if (field === inTensor.name) {
      tensor.name = readText(reader);
    } else if (field === inTensor.rawData) {
      tensor.data = readBytes(reader);
    }
  });
  return tensor;
}

/** A list of numbers comes one a field, or packed into one. */
function readDimensions(reader: PbfReader, shape: number[]): void {
  if (reader.type === lengthDelimited) {
    const packed = new PbfReader(readBytes(reader));
    while (packed.pos < packed.length) {
      addDimension(packed.readVarint(), shape);
    }
  } else {
    addDimension(readNumber(reader), shape);
  }
}

function addDimension(length: number, shape: number[]): void {
  shape.push(length);
  if (!Number.isSafeInteger(length) || shape.length > maxDimensions) {
    throw invalid(`a tensor has the shape ${shape.join(" x ")}`);
  }
}

/** Calls `readField` at each field of a message; one that it does not read is passed over. */
function readFields(
  bytes: Uint8Array,
  readField: (field: number, reader: PbfReader) => void,
): void {
  const reader = new PbfReader(bytes);
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    readField(field, reader);
  }
  // Where a length goes past the end, or a field has the number 0.
  if (reader.pos !== reader.length) {
    throw invalid("a message does not end where it should");
  }
}

function readNumber(reader: PbfReader): number {
  if (reader.type !== varint) {
    throw invalid("a number is of another type");
  }
  return reader.readVarint();
}

/** A view; what lies in it can't read beyond it. */
function readBytes(reader: PbfReader): Uint8Array {
  if (reader.type !== lengthDelimited) {
    throw invalid("a part is of another type");
  }
  const bytes = reader.readBytes();
  if (reader.pos > reader.length) {
    throw invalid("a part is longer than what holds it");
  }
  return bytes;
}

function readText(reader: PbfReader): string {
  return new TextDecoder().decode(readBytes(reader));
}

function invalid(what: string, cause?: unknown): FuzzError {
  return new FuzzError(`The weights can't be read as ONNX: ${what}`, {
    code: "FUZZ_ONNX_INVALID",
    hint: "The file is damaged; fetch it again.",
    cause,
  });
}
