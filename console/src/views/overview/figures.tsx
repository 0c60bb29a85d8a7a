/** The handful of figures that answer "is it well?". */
import { link } from '../../core/router.ts'
import type { Status } from '../../core/shapes.ts'
import { t, word } from '../../texts/index.ts'
import { percent } from '../../ui/format.ts'
import { Figure } from '../../ui/panel.tsx'
import { countdown } from '../../ui/time.tsx'
import type { TruthOfService } from './service-table.tsx'

export function Figures({ status, services }: { status: Status; services: readonly TruthOfService[] }) {
  const texts = t().overview
  const all = Object.values({ ...status.core_services, ...status.optional_services })
  const down = all.filter((service) => service.status === 'DOWN').length
  const up = all.filter((service) => service.up).length
  const { deadline, window_id: id } = status.window
  const circuit = status.circuit_breaker
  return (
    <div class="figures-row">
      <Figure
        label={texts.health}
        value={word(t().states, status.status)}
        tone={status.degraded ? 'warn' : 'ok'}
        note={texts.upOf(up, all.length)}
      />
      <Figure
        label={texts.down}
        value={down}
        tone={down > 0 ? 'bad' : 'none'}
        note={texts.asleep(status.off_by_policy.length)}
      />
      <Figure
        label={texts.window}
        value={id === null ? word(t().modes, status.mode) : deadline ? countdown(Date.parse(deadline)) : texts.held}
        tone={id === null ? 'none' : 'info'}
        note={
          <a href={link('windows')}>
            {id === null
              ? texts.openWindow
              : status.window.services.filter((name) => name !== 'tentaculo_link' && name !== 'madre').join(', ')}
          </a>
        }
      />
      <Figure
        label={texts.circuit}
        value={word(t().states, `circuit_${circuit.state}`)}
        tone={circuit.state === 'closed' ? 'none' : 'bad'}
        note={circuit.upstream ?? texts.allUpstreams}
      />
      <Figure label={texts.availability} value={percent(meanOf(services))} note={texts.last24h} />
    </div>
  )
}

function meanOf(services: readonly TruthOfService[]): number | null {
  const known = services.flatMap(({ last_24_hours: day }) => day?.availability_pct ?? [])
  return known.length === 0 ? null : known.reduce((sum, each) => sum + each, 0) / known.length
}
