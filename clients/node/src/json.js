/** JSON text whose integers keep their size: those that a number cannot hold are BigInts. */

// A text that no document has, around the digits of an integer.
const MARK = "\u0000integer:";
// Texts are skipped, so that only digits outside of them are found.
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g;

/**
 * @param {string} text
 * @returns {any}
 */
export function decode(text) {
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  const marked = text.replace(TOKENS, (token) =>
    token.startsWith('"') || Number.isSafeInteger(Number(token))
      ? token
      : JSON.stringify(`${MARK}${token}`),
  );
  return JSON.parse(marked, (_, value) =>
    typeof value === "string" && value.startsWith(MARK) ? BigInt(value.slice(MARK.length)) : value,
  );
}

/**
 * @param {unknown} value
 * @returns {string}
 */
export function encode(value) {
  const text = JSON.stringify(value, (_, each) =>
    typeof each === "bigint" ? `${MARK}${each}` : each,
  );
  return text.replace(/"\\u0000integer:(-?\d+)"/g, "$1");
}
