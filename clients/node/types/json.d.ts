/**
 * @param {string} text
 * @returns {any}
 */
export function decode(text: string): any;
/**
 * @param {unknown} value
 * @returns {string}
 */
export function encode(value: unknown): string;
