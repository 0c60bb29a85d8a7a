/** Metrics of the chat: what its providers did, and the order of its models. */
import type { Registry } from 'prom-client'
import Counter from 'prom-client/lib/counter.js'
import Gauge from 'prom-client/lib/gauge.js'
import type { ChatModelGauge, Metrics } from '../../ports/index.ts'
import { secondsHistogram } from './seconds-histogram.ts'

type ChatMetrics = Pick<Metrics, 'chatAttempted' | 'chatDecided' | 'chatOrderChanged' | 'watchChatModels'>

export function chatMetrics(registry: Registry): ChatMetrics {
  const registers = [registry]
  const attempts = secondsHistogram({
    name: 'vx11_chat_attempt_duration_seconds',
    help: 'Seconds until a provider of the chat had answered or failed',
    labelNames: ['provider', 'outcome'],
    registry,
  })
  const decisions = new Counter({
    name: 'vx11_chat_decisions_total',
    help: 'Chat messages by the model that was to answer first, and why; counted while rotation is on or a dry run',
    labelNames: ['model', 'reason'],
    registers,
  })
  const changes = new Counter({
    name: 'vx11_chat_order_changes_total',
    help: 'Changes of the order of the models of the chat that this instance made',
    registers,
  })
  return {
    chatAttempted({ provider, outcome, durationMs }) {
      attempts.observe({ provider, outcome }, durationMs / 1000)
    },
    chatDecided: (decision) => decisions.inc({ ...decision }),
    chatOrderChanged: () => changes.inc(),
    watchChatModels(read) {
      modelGauge(registry, 'vx11_chat_model_position', 'Place of a model in the learned order, 1 is first', () =>
        read().map(({ model, position }) => ({ model, value: position })),
      )
      modelGauge(registry, 'vx11_chat_model_worth', 'What a model is worth by its last hours, 0 to 1', () =>
        read().map(({ model, worth }) => ({ model, value: worth })),
      )
    },
  }
}

function modelGauge(
  registry: Registry,
  name: string,
  help: string,
  read: () => { model: ChatModelGauge['model']; value: number | null }[],
) {
  new Gauge({
    ...{ name, help, labelNames: ['model'], registers: [registry] },
    collect() {
      this.reset()
      for (const { model, value } of read()) if (value !== null) this.set({ model }, value)
    },
  })
}
