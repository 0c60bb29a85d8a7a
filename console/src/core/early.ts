/** What is asked while the console's files are still on their way; each answer is taken once, by who asks for it first. */

interface Begun {
  token: string | null
  answer: Promise<Response>
}

const begun = new Map<string, Begun>()
const begunAt = location.hash

export function keepEarly(address: string, early: Begun): void {
  // Whoever takes the answer gets its rejection, too.
  early.answer.catch(() => undefined)
  begun.set(address, early)
}

/** Undefined where none was asked for, or with another token. */
export function takeEarly(address: string, token: string | null): Promise<Response> | undefined {
  const early = begun.get(address)
  begun.delete(address)
  return early?.token === token ? early?.answer : undefined
}

/**
 * An answer that nobody took is old when somebody asks. The error, on which tests fail, names a list that is not true;
 * who left for another view meanwhile needs no answers.
 */
export function dropEarly(): void {
  if (begun.size > 0 && location.hash === begunAt)
    reportError(new Error(`asked early for nothing: ${[...begun.keys()].join(', ')}`))
  begun.clear()
}
