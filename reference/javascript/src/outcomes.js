// What an answer to a write means, for both dialects. Rule: everything here is definite.

/** Gives the outcome of a write that was not done. */
export function refusal({ status, body }) {
  if (status === 410 || status === 404) return { gone: true };
  if (status === 412) return { stale: true };
  return { refused: `${status} ${body?.code ?? ''}`.trim() };
}

/** Gives a key or a type's path as a segment of a URL. */
export function segment(value) {
  return encodeURIComponent(String(value));
}
