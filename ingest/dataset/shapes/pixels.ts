/** Pixels that shapes are drawn on, rows then columns: a mask, or codes. */
export type Pixels = Uint8Array | Uint16Array;
