export { type ErrorKind, FuzzError, type FuzzErrorOptions } from "./errors.ts";
