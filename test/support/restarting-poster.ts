/** Posts numbered events of one source, each until the gateway has taken it: also while it is stopped and started. */
import { setTimeout as wait } from 'node:timers/promises'
import { type Client, GatewayProblem, Unreachable } from '../../clients/typescript/src/index.ts'

export class Poster {
  readonly source = `poster-${crypto.randomUUID()}`
  readonly ids: number[] = []
  readonly #client: Client

  constructor(client: Client) {
    this.#client = client
  }

  async post(type = 'client.test'): Promise<number> {
    const number = this.ids.length
    const headers = { 'Idempotency-Key': `${this.source}-${number}` }
    const body = { source: this.source, type, payload: { number } }
    for (;;) {
      try {
        const { stream_id } = await this.#client.ingestEvent({ body, headers })
        this.ids.push(stream_id)
        return stream_id
      } catch (error) {
        if (!(error instanceof Unreachable || error instanceof GatewayProblem)) throw error
        await wait(50)
      }
    }
  }

  /** Goes on posting while something else happens, and a little longer. */
  async during(happening: () => Promise<void>): Promise<void> {
    let over = false
    const posting = (async () => {
      while (!over) await this.post()
    })()
    await happening()
    over = true
    await posting
    for (let more = 0; more < 5; more++) await this.post()
  }
}
