/** The services with state, reason, latency and the availability of a day. */
import { link } from '../../core/router.ts'
import { truthName } from '../../core/services.ts'
import type { Service, Status } from '../../core/shapes.ts'
import { t } from '../../texts/index.ts'
import { whatToDo, whyNot } from '../../ui/advice.ts'
import { AvailabilityBar } from '../../ui/availability.tsx'
import { milliseconds, percent } from '../../ui/format.ts'
import { plain } from '../../ui/hostile-text.ts'
import { State } from '../../ui/state.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import type { ServiceTruth } from '../truth/shapes.ts'

export type TruthOfService = Pick<ServiceTruth, 'service' | 'since' | 'last_24_hours' | 'hours'>

type Row = Service & { name: string; truth: TruthOfService | undefined }

export function ServiceTable({ status, truth }: { status: Status; truth: readonly TruthOfService[] }) {
  const texts = t().overview
  const rows = Object.entries({ ...status.core_services, ...status.optional_services }).map(
    ([name, service]): Row => ({ ...service, name, truth: truth.find((each) => each.service === truthName(name)) }),
  )
  return (
    <Table
      label={texts.services}
      rows={rows}
      rowKey={(row) => row.name}
      href={(row) => (row.truth ? link('truth', row.truth.service) : null)}
      columns={[
        { name: texts.service, cell: (row) => <strong>{row.name}</strong> },
        { name: texts.state, cell: (row) => <State state={row.status} /> },
        { name: texts.why, cell: (row) => <Why service={row} /> },
        { name: texts.latency, cell: (row) => milliseconds(row.latency_ms), figures: true },
        { name: texts.last24h, cell: (row) => <Day truth={row.truth} />, wide: true },
        { name: texts.since, cell: (row) => <Time at={row.truth?.since} ago />, wide: true },
      ]}
    />
  )
}

function Why({ service }: { service: Row }) {
  const [why, advice] = [whyNot(service), whatToDo(service)]
  if (!why && !advice) return <span class="muted">–</span>
  return (
    <span class="why">
      {why ? plain(why, 300) : null}
      {advice ? <span class="hint">{advice}</span> : null}
    </span>
  )
}

function Day({ truth }: { truth: TruthOfService | undefined }) {
  const pct = truth?.last_24_hours?.availability_pct ?? null
  return (
    <span class="day">
      <AvailabilityBar parts={truth?.hours ?? null} pct={pct} />
      <span class="small nowrap">{percent(pct)}</span>
    </span>
  )
}
