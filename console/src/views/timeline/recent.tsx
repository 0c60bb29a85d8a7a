/** Which correlations there are: recent, failed and slow ones as recorded, or those of the newest events; and their graph. */

import type { CorrelationGraph } from '../../../../src/features/debug/schema.ts'
import { call } from '../../core/api.ts'
import { stored, useReading } from '../../core/reading.ts'
import { place, setQuery } from '../../core/router.ts'
import { t } from '../../texts/index.ts'
import { Answer, Empty } from '../../ui/answers.tsx'
import { Choice } from '../../ui/fields.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Graph } from './graph.tsx'
import { OfEvents } from './of-events.tsx'
import { Recorded } from './recorded.tsx'

const lists = ['recent', 'failed', 'slow', 'events'] as const

export function Recent() {
  const texts = t().timeline
  const asked = place.value.query.get('show')
  const show = lists.find((each) => each === asked) ?? 'recent'
  return (
    <div class="stack">
      <Choice
        label={texts.show}
        value={show}
        onChange={(value) => setQuery({ show: value === 'recent' ? null : value, cursor: null })}
        options={lists.map((each) => [each, texts.lists[each]])}
      />
      {show === 'events' ? <OfEvents /> : <Recorded show={show} />}
      <Related />
    </div>
  )
}

function Related() {
  const texts = t().timeline
  const graph = useReading(() => call<CorrelationGraph>('debug/events/correlations'), { every: stored })
  return (
    <Panel title={texts.graph} note={texts.graphNote}>
      <Answer of={graph}>
        {({ graph: drawn }) =>
          drawn.nodes.length === 0 ? (
            <Empty icon="timeline" title={texts.noGraph} />
          ) : (
            <Graph nodes={drawn.nodes} edges={drawn.edges} />
          )
        }
      </Answer>
    </Panel>
  )
}
