/** What a simulator answers, and FastAPI's manners of refusing (contract upstreams/manners). */

export interface Answer {
  status: number
  contentType: string
  body: string
  headers?: Readonly<Record<string, string>>
}

export const json = (value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Answer => ({
  status,
  contentType: 'application/json',
  body: JSON.stringify(value),
  headers,
})

export const detail = (status: number, text: unknown, headers: Readonly<Record<string, string>> = {}): Answer =>
  json({ detail: text }, status, headers)

/** Starlette's answer to an uncaught exception: text, so that a JSON parser fails on it. */
export const serverError: Answer = {
  status: 500,
  contentType: 'text/plain; charset=utf-8',
  body: 'Internal Server Error',
}

/** FastAPI's HTTPException: thrown by handlers, sent as it is. */
export class Refusal extends Error {
  readonly answer: Answer

  constructor(answer: Answer) {
    super(`${answer.status}`)
    this.answer = answer
  }
}

export const refuse = (status: number, text: unknown): Refusal => new Refusal(detail(status, text))
