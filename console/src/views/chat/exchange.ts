/** One question and its streamed answer, as state. A stream that breaks is finished from the store. */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { ChatDecision } from '../../../../src/features/chat/schema.ts'
import { call, send } from '../../core/api.ts'
import { asProblem, Problem, problemOf } from '../../core/problem.ts'
import { go, link } from '../../core/router.ts'
import { blocks } from '../../live/sse.ts'
import { commandOf, runCommand } from './commands.ts'

export interface Envelope {
  message_id: string
  session_id: string
  provider: string
  model: string
  degraded: boolean
  latency_ms: number
  warnings: string[]
  usage: { total_tokens: number } | null
  cost_usd: number | null
  correlation_id: string
  reasoning?: string | null
  cache_hit?: boolean
  /** While rotation is on or a dry run. */
  decision?: Pick<ChatDecision, 'reason' | 'order'>
}

export interface Exchange {
  question: string | null
  text: string
  reasoning: string
  running: boolean
  envelope: Partial<Envelope>
  problem: Problem | null
  ask: (message: string) => Promise<void>
  stop: () => void
}

const nothing = { question: null, text: '', reasoning: '', running: false, envelope: {}, problem: null } as const
type State = Omit<Exchange, 'ask' | 'stop'>

export function useExchange(id: string | null, onEnd: () => Promise<void>): Exchange {
  const [state, setState] = useState<State>(nothing)
  const line = useRef<AbortController | null>(null)
  const change = (part: Partial<State>) => setState((last) => ({ ...last, ...part }))
  useEffect(() => () => line.current?.abort(), [])

  const ask = async (message: string) => {
    const own = new AbortController()
    line.current = own
    setState({ ...nothing, question: message, running: true })
    try {
      const command = commandOf(message)
      if (command) change({ text: await runCommand(command), running: false })
      else await stream({ message, id, signal: own.signal, change })
    } catch (error) {
      if (!own.signal.aborted) change({ problem: asProblem(error) })
    } finally {
      change({ running: false })
    }
    if (commandOf(message)) return
    if (id) await onEnd().then(() => setState((last) => (last.problem ? last : nothing)))
    else await onEnd()
  }
  return { ...state, ask, stop: () => line.current?.abort() }
}

interface Ask {
  message: string
  id: string | null
  signal: AbortSignal
  change: (part: Partial<State>) => void
}

async function stream({ message, id, signal, change }: Ask): Promise<void> {
  const response = await send('operator/api/chat', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ message, stream: true, ...(id ? { session_id: id } : {}) }),
    signal,
  })
  if (!response.ok || !response.body) throw await problemOf(response)
  let [text, reasoning, messageId, sessionId, ended] = ['', '', '', '', false]
  const say = batched(() => change({ text, reasoning }))
  for await (const { event, data } of blocks(response.body, () => undefined)) {
    if (!data) continue
    const said = JSON.parse(data) as Partial<Envelope> & { text?: string; detail?: string; response?: string }
    if (event === 'start') {
      ;[text, reasoning, messageId, sessionId] = ['', '', said.message_id ?? '', said.session_id ?? '']
      change({ envelope: said, text, reasoning })
    } else if (event === 'token') text += said.text ?? ''
    else if (event === 'reasoning') reasoning += said.text ?? ''
    else if (event === 'done') {
      ended = true
      text = said.response ?? text
      change({ envelope: said, text })
    } else if (event === 'error') throw new Problem('failed', 0, said as Record<string, unknown>)
    say()
  }
  if (!ended && messageId) text = await storedAnswer(messageId, text)
  change({ text, reasoning })
  if (!id && sessionId) go(link('chat', sessionId))
}

/** The end of a stream that was lost. */
async function storedAnswer(messageId: string, sofar: string): Promise<string> {
  const stored = await call<{ response?: string; content?: string }>(`operator/api/chat/messages/${messageId}`).catch(
    () => null,
  )
  return stored?.response ?? stored?.content ?? sofar
}

/** At most one drawing a frame, however fast tokens come. */
function batched(draw: () => void): () => void {
  let waits = false
  return () => {
    if (waits) return
    waits = true
    requestAnimationFrame(() => {
      waits = false
      draw()
    })
  }
}
