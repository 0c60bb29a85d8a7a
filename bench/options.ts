/** What the command line asks for. */
import { parseArgs } from 'node:util'
import { caseNames, quickCases, workerCases } from './cases.ts'

export interface Options {
  /** Short rounds that show that everything runs; they say nothing, and are not kept. */
  quick: boolean
  cases: readonly string[]
  /** Profiles the gateway under the loads among the cases instead of comparing it. */
  profile: boolean
  /** Of each comparison at most, discarded ones too; fewer where the figures are sure before. */
  rounds: number
  /** Of a slice: the time that one target is driven at a stretch. */
  seconds: number
  /** Of the target's processor time. */
  warmUpSeconds: number
  /** Of the same load before each slice: while others had their turn, a target gave memory back. */
  leadInSeconds: number
  /** Until memory has settled after the start. */
  idleSeconds: number
  streams: number
  /** For how long events go from one instance to another. */
  acrossSeconds: number
  /** Of the database that the operator's views read. */
  rows: number
  /** For each of the views. */
  viewMs: number
  /** For /health without maintenance, before and after it. */
  stretchMs: number
  /** How long the database stays locked. */
  lockedSeconds: number
  /** The largest sizes of the growth case take minutes and gigabytes. */
  large: boolean
  /** Another version of this project to drive beside this one: a bundle, a checkout, or a revision of git. */
  baseline: string | null
}

/** Time limit of a quick run. */
export const quickMs = 50_000

/** Throws an Error that says what is wrong. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      large: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true },
      runtime: { type: 'string', default: 'node' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      baseline: { type: 'string' },
    },
  })
  const { quick, profile, large, baseline = null } = values
  const choices = casesOf(values.runtime)
  const only = values.only ?? (profile ? ['get-1k'] : quick ? quickOf(choices) : choices)
  const unknown = only.filter((name) => !choices.includes(name))
  if (unknown.length > 0) throw new Error(`no case ${unknown.join(', ')}; there are ${choices.join(', ')}`)
  return {
    ...{ quick, profile, large, baseline },
    cases: choices.filter((name) => only.includes(name)),
    rounds: wholeNumber('rounds', values.rounds ?? (quick ? '1' : '40')),
    seconds: quick ? 0.4 : wholeNumber('seconds', values.seconds ?? '2'),
    warmUpSeconds: quick ? 0 : 6,
    leadInSeconds: quick ? 0 : 0.3,
    idleSeconds: quick ? 0 : 4,
    streams: quick ? 100 : 500,
    acrossSeconds: quick ? 2 : 10,
    rows: quick ? 20_000 : 1_150_000,
    viewMs: quick ? 50 : 3000,
    stretchMs: quick ? 1000 : 15_000,
    lockedSeconds: quick ? 2 : 30,
  }
}

/** On workerd there is one case, which is short enough. */
function quickOf(choices: readonly string[]): readonly string[] {
  const short = quickCases.filter((name) => choices.includes(name))
  return short.length > 0 ? short : choices
}

function casesOf(runtime: string): readonly string[] {
  if (runtime === 'node') return caseNames.filter((name) => !workerCases.includes(name))
  if (runtime === 'workerd') return workerCases
  throw new Error('--runtime takes node or workerd')
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1 || number > 600) throw new Error(`--${name} takes a number from 1 to 600`)
  return number
}
