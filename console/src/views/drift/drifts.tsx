/** What differs, by area and severity, with what to do about it. */
import { place, setQuery } from '../../core/router.ts'
import type { Drift } from '../../core/shapes.ts'
import { gatewayWords } from '../../texts/gateway/index.ts'
import { t } from '../../texts/index.ts'
import { Empty } from '../../ui/answers.tsx'
import { SelectField } from '../../ui/fields.tsx'
import { number } from '../../ui/format.ts'
import { plain } from '../../ui/hostile-text.ts'
import { Panel } from '../../ui/panel.tsx'
import { Said } from '../../ui/said.tsx'
import { State } from '../../ui/state.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'

type Found = Drift['drifts'][number]

const severities = ['low', 'medium', 'high', 'critical'] as const

export function Drifts({ report }: { report: Drift }) {
  const texts = t().drift
  const { query } = place.value
  const [area, severity] = [query.get('area') ?? '', query.get('severity') ?? '']
  const shown = report.drifts.filter(
    (each) => (area === '' || each.area === area) && (severity === '' || each.severity === severity),
  )
  const advice = report.areas.find((each) => each.area === area)
  return (
    <>
      <div class="filters" role="search">
        <SelectField
          label={texts.area}
          value={area}
          onChange={(value) => setQuery({ area: value })}
          options={[['', t().events.any], ...report.areas.map(({ area: each }) => [each, texts.areas[each]] as const)]}
        />
        <SelectField
          label={t().events.severity}
          value={severity}
          onChange={(value) => setQuery({ severity: value })}
          options={[['', t().events.any], ...severities.map((each) => [each, texts.severities[each]] as const)]}
        />
      </div>
      <Panel title={texts.differences} note={texts.count(number(shown.length), number(report.drifts.length))} flush>
        {advice && advice.drifts > 0 ? <p class="hint inset">{texts.whatToDo[advice.area]}</p> : null}
        {shown.length === 0 ? (
          <Empty icon="check" title={report.drifts.length === 0 ? texts.none : texts.noneSuch} />
        ) : (
          <Found rows={shown} />
        )}
        {report.left_out > 0 ? <p class="muted small inset">{texts.leftOut(number(report.left_out))}</p> : null}
      </Panel>
    </>
  )
}

/** The name of something, or one of the gateway's words for it. */
function Subject({ of }: { of: string }) {
  const own = gatewayWords()?.sentence(of)
  return own && own !== of ? <span>{own}</span> : <bdi class="mono">{plain(of, 200)}</bdi>
}

function Found({ rows }: { rows: readonly Found[] }) {
  const texts = t().drift
  return (
    <Table
      label={texts.differences}
      rows={rows}
      rowKey={(row) => `${row.area} ${row.module} ${row.subject}`}
      columns={[
        {
          name: t().events.severity,
          cell: (row) => <State state={row.severity} label={texts.severities[row.severity]} />,
        },
        { name: texts.area, cell: (row) => texts.areas[row.area], wide: true },
        {
          name: texts.subject,
          cell: (row) => (
            <>
              <Subject of={row.subject} /> <span class="muted small nowrap">{plain(row.module, 64)}</span>
            </>
          ),
        },
        { name: texts.expected, cell: (row) => <Said text={row.expected} /> },
        {
          name: texts.actual,
          cell: (row) => (
            <div class="cell-roomy">
              <Said text={row.actual} />
            </div>
          ),
        },
        {
          name: texts.since,
          cell: (row) => (
            <>
              <Time at={row.since} ago />
              {row.current ? null : <span class="muted small"> {texts.notSeenLately}</span>}
            </>
          ),
          wide: true,
        },
      ]}
    />
  )
}
