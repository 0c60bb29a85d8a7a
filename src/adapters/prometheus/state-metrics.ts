/** Gauges of VX11's state, read anew for each scrape: modules, window, database, backup, events, streams. */
import type { Registry } from 'prom-client'
import Gauge from 'prom-client/lib/gauge.js'
import type { Metrics, StateGauges } from '../../ports/index.ts'

/** Without a value the gauge is absent: an alert then sees no reading instead of a wrong one. */
type Value = number | null | undefined

export const stateMetrics = (registry: Registry): Pick<Metrics, 'watchState'> => ({
  watchState(read) {
    const gauge = (name: string, help: string, valueIn: (state: StateGauges) => Value) =>
      new Gauge({
        name,
        help,
        registers: [registry],
        async collect() {
          const value = valueIn(await read())
          if (value === null || value === undefined) this.remove()
          else this.set(value)
        },
      })
    const byModule = (name: string, help: string, valueIn: (module: StateGauges['modules'][number]) => Value) =>
      new Gauge({
        name,
        help,
        labelNames: ['module'],
        registers: [registry],
        async collect() {
          this.reset()
          for (const module of (await read()).modules) {
            const value = valueIn(module)
            if (value !== null && value !== undefined) this.set({ module: module.name }, value)
          }
        },
      })
    const byWebhook = (name: string, help: string, valueIn: (webhook: StateGauges['webhooks'][number]) => number) =>
      new Gauge({
        name,
        help,
        labelNames: ['webhook'],
        registers: [registry],
        async collect() {
          this.reset()
          for (const webhook of (await read()).webhooks) this.set({ webhook: webhook.name }, valueIn(webhook))
        },
      })
    byModule('vx11_module_up', '1 while the module answers its health check, 0 while it does not', ({ up }) =>
      number(up),
    )
    byModule(
      'vx11_module_expected',
      '1 while the power policy lets the module run, 0 while it does not',
      ({ expected }) => number(expected),
    )
    gauge('vx11_degraded', '1 while something that should run does not', ({ degraded }) => number(degraded))
    gauge('vx11_window_open', '1 while a power window is open', ({ windowOpen }) => number(windowOpen))
    gauge('vx11_window_left_seconds', 'Seconds to the deadline of the power window', ({ windowLeftS }) => windowLeftS)
    gauge('vx11_database_up', '1 while the database answers', ({ databaseUp }) => number(databaseUp))
    gauge('vx11_database_size_bytes', 'Size of the database', ({ databaseBytes }) => databaseBytes)
    gauge('vx11_backup_age_seconds', 'Seconds since the last verified backup', ({ backupAgeS }) => backupAgeS)
    gauge('vx11_events_waiting', 'Events accepted that wait for their commit', ({ eventsWaiting }) => eventsWaiting)
    gauge('vx11_event_streams', 'Open event streams of this instance', ({ eventStreams }) => eventStreams)
    byWebhook(
      'vx11_webhook_waiting_events',
      'Events whose notification was not delivered yet',
      ({ waiting }) => waiting,
    )
    byWebhook(
      'vx11_webhook_oldest_waiting_seconds',
      'Age of the oldest event whose notification was not delivered yet, 0 without one',
      ({ oldestS }) => oldestS,
    )
    byWebhook('vx11_webhook_dead', '1 while a destination refuses everything', ({ isDead }) => Number(isDead))
  },
})

const number = (value: boolean | null): Value => (value === null ? null : Number(value))
