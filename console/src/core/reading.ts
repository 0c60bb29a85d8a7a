/** A reading that is asked again while its view is visible; the last good value stays when asking fails. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { changes } from '../live/changes.ts'
import { asProblem, type Problem } from './problem.ts'
import { visible } from './visible.ts'

export interface Reading<T> {
  data: T | undefined
  problem: Problem | undefined
  /** When `data` was read, in ms. */
  at: number
  reload: () => Promise<void>
}

/** In ms, for what is measured, and for what others may write: what changed is shown within two seconds. */
export const [measured, stored] = [750, 1500]

interface Options {
  /** Ask so many ms after the last time; without it, once. */
  every?: number | undefined
  /** Another key is another reading. */
  key?: string
  /** Events whose type begins so ask at once. */
  on?: string
}

export function useReading<T>(load: () => Promise<T>, { every, key = '', on }: Options = {}): Reading<T> {
  const [state, setState] = useState<{ key: string; data?: T; problem?: Problem }>({ key })
  const latest = useRef({ load, key, turn: 0, at: 0 })
  latest.current.load = load
  latest.current.key = key

  const reload = useCallback(async () => {
    const turn = ++latest.current.turn
    const asked = latest.current.key
    const isCurrent = () => latest.current.turn === turn && latest.current.key === asked
    try {
      const data = await latest.current.load()
      if (!isCurrent()) return
      latest.current.at = Date.now()
      // What holds is the same object, and is not drawn anew.
      setState((last) => (last.key === asked && last.data === data && !last.problem ? last : { key: asked, data }))
    } catch (error) {
      if (isCurrent()) setState((last) => ({ ...(last.key === asked && last), key: asked, problem: asProblem(error) }))
    }
  }, [])

  useEffect(() => repeat(reload, every), [reload, every, key])
  useEffect(() => (on ? changes(on, reload) : undefined), [reload, on])
  const current: { data?: T; problem?: Problem } = state.key === key ? state : {}
  return { data: current.data, problem: current.problem, at: latest.current.at, reload }
}

/** Polls at once and then at the interval, never twice at a time, never while the view is hidden. */
function repeat(ask: () => Promise<void>, every: number | undefined): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let ended = false
  const turn = async () => {
    clearTimeout(timer)
    if (!visible.value && every !== undefined) return
    const began = performance.now()
    await ask()
    if (ended || every === undefined) return
    // What takes long to answer is left alone for a while.
    const took = performance.now() - began
    timer = setTimeout(turn, Math.max(every - took, took / 2))
  }
  let first = true
  const unsubscribe = visible.subscribe((isVisible) => {
    if (isVisible || first) void turn()
    else clearTimeout(timer)
    first = false
  })
  return () => {
    ended = true
    clearTimeout(timer)
    unsubscribe()
  }
}
