/** Sends one request through the gateway and shows how the answer came about. */
import { useState } from 'preact/hooks'
import { asProblem, type Problem } from '../../core/problem.ts'
import { place } from '../../core/router.ts'
import { t } from '../../texts/index.ts'
import { Empty, Failure } from '../../ui/answers.tsx'
import { Panel } from '../../ui/panel.tsx'
import { type Asked, type Exchanged, exchange } from './exchange.ts'
import { RequestForm } from './form.tsx'
import { ResponseView } from './response.tsx'
import './try.css'

export default function Try() {
  const { query } = place.value
  const texts = t().try
  const [result, setResult] = useState<Exchanged | null>(null)
  const [problem, setProblem] = useState<Problem | null>(null)
  const ask = async (asked: Asked) => {
    setProblem(null)
    try {
      setResult(await exchange(asked))
    } catch (error) {
      setProblem(asProblem(error))
    }
  }
  return (
    <div class="stack">
      <Panel title={texts.request}>
        <RequestForm
          key={query.toString()}
          method={query.get('method') ?? 'GET'}
          path={query.get('path') ?? '/shub/health'}
          ask={ask}
        />
      </Panel>
      {problem ? <Failure problem={problem} /> : null}
      {result ? (
        <ResponseView result={result} />
      ) : (
        <Panel title={texts.response}>
          <Empty icon="try" title={texts.nothingYet}>
            {texts.nothingYetMeans}
          </Empty>
        </Panel>
      )}
    </div>
  )
}
