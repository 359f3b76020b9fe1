import { FuzzError } from "@fuzzc/program";
import type { Native } from "./native.ts";

/** One turn of a chat, as a chat template takes it. */
export interface ChatMessage {
  role: "system" | "user" | "assistant";
  content: string;
}

// Templates add some dozens of characters a turn; this leaves room for all of them.
const spareBytes = 4096;

/**
 * A chat in the form of a model's own template, up to where the assistant writes. The engine knows the common templates
 * by their marks and does not run Jinja.
 * @param template from the model file.
 * @throws FuzzError FUZZ_TEMPLATE_UNSUPPORTED
 */
export function renderChat(
  native: Native,
  template: string | undefined,
  messages: readonly ChatMessage[],
): string {
  const contentBytes = messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
  const buffer = new Uint8Array(contentBytes + spareBytes * (messages.length + 1));
  const length =
    template === undefined
      ? -1
      : native.llama_chat_apply_template(
          template,
          messages.map(({ role, content }) => ({ role, content })),
          messages.length,
          true,
          buffer,
          buffer.length,
        );
  if (length < 0 || length > buffer.length) {
    throw new FuzzError(
      template === undefined
        ? "The model file has no chat template"
        : "The engine does not know the chat template of the model file",
      {
        code: "FUZZ_TEMPLATE_UNSUPPORTED",
        hint: "Use a chat (instruct) model with ChatML or another common template.",
      },
    );
  }
  return new TextDecoder().decode(buffer.subarray(0, length));
}
