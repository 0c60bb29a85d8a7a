/** What does not compile: `npm run types` fails where one of these lines does. */
import { type Answer, createClient, type OutgoingEvent } from '../src/index.ts'

const client = createClient({ url: 'http://127.0.0.1:8000', token: 'a token' })

// @ts-expect-error the address is missing
createClient({ token: 'a token' })
// @ts-expect-error no operation is called that
client.getStatuss()
// @ts-expect-error a misspelt parameter
client.listEvents({ query: { limt: 2 } })
// @ts-expect-error a number is wanted
client.listEvents({ query: { limit: 'two' } })
// @ts-expect-error a misspelt member of the body
client.openApiWindow({ body: { services: ['switch'], ttl_secs: 300 } })
// @ts-expect-error a member is missing
client.ingestEvent({ body: { source: 'test', type: 'test.event' } })
// @ts-expect-error a misspelt header
client.ingestEvent({ body: { source: 'a', type: 'b', payload: {} }, headers: { 'Idempotence-Key': 'one' } })
// @ts-expect-error a list is wanted
client.ingestEvents({ body: { source: 'a', type: 'b', payload: {} } })
// @ts-expect-error the body is missing
client.ingestEvent()
// @ts-expect-error what stands in the path is missing
client.getModule({})
// @ts-expect-error a misspelt filter
client.events({ severty: 'warn' })
// @ts-expect-error a misspelt option
client.socket({ clientID: 'reader' })

export async function readsWrongly(): Promise<void> {
  const status = await client.getVx11Status()
  // @ts-expect-error the answer has no such member
  status.nonsense
  // @ts-expect-error it is one of three words
  status.mode === 'on'
  for await (const event of client.events()) {
    // @ts-expect-error a misspelt member
    event.streamId
  }
}

// @ts-expect-error a field of a canonical type is missing
export const alert: OutgoingEvent = { type: 'system.alert', severity: 'info', message: 'text' }
// @ts-expect-error only canonical types are answered on the socket
export const other: OutgoingEvent = { type: 'test.event', payload: {} }

/** What compiles, and as what. */
export async function readsRightly(): Promise<[string, number, string | null]> {
  const given: Answer<'getHealth'> = await client.getHealth()
  const { stream_id } = await client
    .socket()
    .send({ type: 'shub.action.narrated', action: 'a', reason: 'b', next_step: 'c' })
  for await (const event of client.events({ type: ['a', 'b'], since: stream_id }))
    return [given.version, event.stream_id, event.module]
  throw new Error('it ended')
}
