declare const PACKED_RUNTIME_BYTES: number;

/** What runs networks, beside the page. */
export const RUNTIME = "runtime/onnxruntime.wasm.bin";

/** Its length, as vite.config.ts packs it. */
export const RUNTIME_BYTES = PACKED_RUNTIME_BYTES;
