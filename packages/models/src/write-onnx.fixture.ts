import { PbfWriter } from "pbf";

export interface OnnxTensor {
  name: string;
  shape: number[];
  data: Uint8Array;
  /** Default: float32. */
  type?: number;
}

export interface OnnxNode {
  operator: string;
  inputs: string[];
  outputs: string[];
}

/** An ONNX file of a graph with these nodes and initialisers. */
export function writeOnnx(nodes: OnnxNode[], tensors: OnnxTensor[]): Uint8Array<ArrayBuffer> {
  const model = new PbfWriter();
  model.writeVarintField(1, 6); // ir_version
  model.writeStringField(2, "fuzzc-test"); // producer_name
  model.writeMessage(7, writeGraph, { nodes, tensors });
  return model.finish().slice();
}

function writeGraph(
  { nodes, tensors }: { nodes: OnnxNode[]; tensors: OnnxTensor[] },
  writer: PbfWriter,
): void {
  for (const node of nodes) {
    writer.writeMessage(1, writeNode, node);
  }
  writer.writeStringField(2, "graph");
  for (const tensor of tensors) {
    writer.writeMessage(5, writeTensor, tensor);
  }
}

function writeNode({ operator, inputs, outputs }: OnnxNode, writer: PbfWriter): void {
  for (const input of inputs) {
    writer.writeStringField(1, input);
  }
  for (const output of outputs) {
    writer.writeStringField(2, output);
  }
  writer.writeStringField(4, operator);
}

function writeTensor({ name, shape, data, type = 1 }: OnnxTensor, writer: PbfWriter): void {
  for (const length of shape) {
    writer.writeVarintField(1, length);
  }
  writer.writeVarintField(2, type);
  writer.writeStringField(8, name);
  writer.writeBytesField(9, data);
}
