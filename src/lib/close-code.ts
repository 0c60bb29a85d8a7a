/** Valid WebSocket close codes in a frame (RFC 6455 §7.4 and the IANA registry). */

export const isCloseCode = (code: number): boolean =>
  (code >= 1000 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006) || (code >= 3000 && code <= 4999)
