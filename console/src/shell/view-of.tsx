/** Loads a view's files when it is first shown, and stands in when drawing it fails. */
import { Component, type ComponentChildren, type ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { dropEarly } from '../core/early.ts'
import { Problem } from '../core/problem.ts'
import { Failure, Loading } from '../ui/answers.tsx'
import { loadedView, loadView } from './views.ts'

export function ViewOf({ load }: { load: () => Promise<{ default: ComponentType }> }) {
  const [found, setFound] = useState<{ view?: ComponentType | undefined; failed?: boolean }>({ view: loadedView(load) })
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    if (found.view) return
    let current = true
    loadView(load).then(
      (view) => current && setFound({ view }),
      () => current && setFound({ failed: true }),
    )
    return () => {
      current = false
    }
  }, [load, turn])
  // By then the view, which is mounted before this, has asked.
  useEffect(() => {
    if (!found.view) return
    const timer = setTimeout(dropEarly)
    return () => clearTimeout(timer)
  }, [found.view])
  if (found.failed)
    return (
      <Failure problem={new Problem('unreachable', 0, { error: 'view_not_loaded' })} retry={() => setTurn(turn + 1)} />
    )
  return found.view ? (
    <Guard>
      <found.view />
    </Guard>
  ) : (
    <Loading />
  )
}

class Guard extends Component<{ children: ComponentChildren }, { failed: string | null }> {
  override state = { failed: null as string | null }
  override componentDidCatch(error: unknown) {
    this.setState({ failed: String(error) })
  }
  override render() {
    if (this.state.failed === null) return this.props.children
    return (
      <Failure
        problem={new Problem('failed', 0, { error: 'view_failed', detail: this.state.failed })}
        retry={() => this.setState({ failed: null })}
      />
    )
  }
}
