/** Drives one load against its targets in turn; what counts is the processor time that a request costs each of them. */
import { setTimeout as wait } from 'node:timers/promises'
import type { LoadCase } from '../cases.ts'
import { connections, drive, type Load } from '../load/http.ts'
import { cpuSecondsOf, residentMiBOf, watchMemory } from '../method/proc.ts'
import { measureRounds, type Rounds } from '../method/rounds.ts'
import { median, pairedRatio, relativeWidth } from '../method/stats.ts'
import { figure, type Measured, roundsTold, shown, single } from '../report/results.ts'
import type { Bench } from '../run-case.ts'
import { startTargets, stopTargets } from '../targets/start.ts'
import { isGateway, type Target, token } from '../targets/targets.ts'

/** One target, driven at a stretch. */
export interface Slice {
  perSecond: number
  p50Ms: number
  p99Ms: number
  /** Of the target's processes. */
  userUs: number
  systemUs: number
  cpuUs: number
  peakMiB: number
}

/** An interval narrower than this part of the figure is sure enough. */
export const sureBelow = 0.05

export async function measureLoad(bench: Bench, loadCase: LoadCase): Promise<Measured> {
  const targets = await startTargets(bench, loadCase.targets, loadCase.gatewayEnv)
  const measured = await compareTargets(bench, loadCase, targets)
  await stopTargets(bench, targets)
  return measured
}

export async function compareTargets(bench: Bench, loadCase: LoadCase, targets: readonly Target[]): Promise<Measured> {
  const { options } = bench
  await wait(options.idleSeconds * 1000)
  const idleMiB = new Map(targets.map(({ name, pid }) => [name, residentMiBOf(pid)]))
  const loads = targets.map((target) => ({ target, load: loadOf(loadCase, target, options.seconds) }))
  for (const { target, load } of loads)
    await warmUp(target, load, expectedStatus(loadCase, target), options.warmUpSeconds)
  const contenders = loads.map(({ target, load }) => ({
    name: target.name,
    run: () => measureSlice(target, load, expectedStatus(loadCase, target), options.leadInSeconds),
  }))
  const rounds = await measureRounds(contenders, bench.limits, isSure)
  return sumUp(rounds, idleMiB, options.seconds)
}

const expectedStatus = ({ status }: LoadCase, { name }: Target) => (isGateway(name) ? status : 200)

export function loadOf({ method, bodyBytes, ...loadCase }: LoadCase, target: Target, seconds: number): Load {
  const gateway = isGateway(target.name)
  const url = target.url + (gateway ? loadCase.gatewayPath : loadCase.path)
  const headers = gateway && loadCase.withToken ? { 'X-VX11-Token': token } : {}
  const { newAddresses } = loadCase
  return { url, method, headers, bodyBytes, newAddresses, connections, seconds, perSecond: null }
}

/** Fills what caches and compilers fill, and sees that the answers are those that the case is about. */
export async function warmUp({ name, pid }: Target, load: Load, status: number, seconds: number): Promise<void> {
  // The first requests may still have an allowance to spend.
  const { requests, refused } = await drive({ ...load, connections: 1, seconds: 0.2 })
  const expected = status >= 400 ? refused : requests - refused
  if (expected < requests - 1) throw new Error(`${name}: ${refused} of ${requests} refused at ${load.url}`)
  await drivePast(pid, load, seconds)
}

/** How much longer than on a machine of its own a target may take for its warm-up. */
const maxStretch = 8

/** Counted in the target's processor time: what its compilers need is work, and beside others that takes longer. */
export async function drivePast(pid: number, load: Load, cpuSeconds: number): Promise<void> {
  const before = cpuSecondsOf(pid)
  for (let n = 0; n < cpuSeconds * maxStretch; n++) {
    const { user, system } = cpuSecondsOf(pid)
    if (user + system - before.user - before.system >= cpuSeconds) return
    await drive({ ...load, seconds: 1 })
  }
}

export async function measureSlice(
  { name, pid }: Target,
  load: Load,
  status: number,
  leadInSeconds: number,
): Promise<Slice> {
  if (leadInSeconds > 0) await drive({ ...load, seconds: leadInSeconds })
  const before = cpuSecondsOf(pid)
  const peak = watchMemory(pid)
  const result = await drive(load)
  const peakMiB = peak()
  const after = cpuSecondsOf(pid)
  // A proxy that refuses is fast; such a slice would be a lie.
  const unexpected = status >= 400 ? result.requests - result.refused : result.refused
  if (unexpected + result.broken > result.requests / 1000)
    throw new Error(`${name}: ${result.refused} refusals and ${result.broken} failures of ${result.requests}`)
  const perRequest = (seconds: number) => (seconds * 1e6) / result.requests
  const [user, system] = [after.user - before.user, after.system - before.system]
  return {
    perSecond: result.requests / result.seconds,
    p50Ms: result.p50Ms,
    p99Ms: result.p99Ms,
    userUs: perRequest(user),
    systemUs: perRequest(system),
    cpuUs: perRequest(user + system),
    peakMiB,
  }
}

type Slices = Rounds<Slice>['slices']

const all = (slices: Slices, name: string, what: keyof Slice): number[] =>
  (slices.get(name) ?? []).map((slice) => slice[what])

/** The gateway as a multiple of the other, round by round. */
const against = (slices: Slices, other: string, what: keyof Slice) =>
  pairedRatio(all(slices, 'gateway', what), all(slices, other, what))

const others = (slices: Slices) => [...slices.keys()].filter((name) => name !== 'gateway')

const isSure = (slices: Slices): boolean =>
  others(slices).every((name) => relativeWidth(against(slices, name, 'cpuUs')) < sureBelow)

function sumUp(rounds: Rounds<Slice>, idleMiB: ReadonlyMap<string, number>, seconds: number): Measured {
  const { slices } = rounds
  const middle = (name: string, what: keyof Slice) => median(all(slices, name, what))
  const peak = (name: string) => Math.max(0, ...all(slices, name, 'peakMiB'))
  const rows = [...slices.keys()].map((name) => {
    const [cpu, rate] = [against(slices, name, 'cpuUs'), against(slices, name, 'perSecond')]
    return [
      name,
      `${figure(middle(name, 'cpuUs'), 1)} (${figure(middle(name, 'userUs'), 1)} + ${figure(middle(name, 'systemUs'), 1)})`,
      name === 'gateway' ? '-' : shown(cpu),
      figure(middle(name, 'perSecond')),
      name === 'gateway' ? '-' : shown(rate),
      figure(middle(name, 'p50Ms'), 2),
      figure(middle(name, 'p99Ms'), 2),
      figure(idleMiB.get(name)),
      figure(peak(name) || null),
    ]
  })
  const ratios = others(slices).map((name) => [name, against(slices, name, 'cpuUs')] as const)
  return {
    method: `${connections} connections, ${roundsTold(rounds, seconds)}, intervals of 95 %`,
    tables: [{ head, rows }],
    readings: { ...Object.fromEntries(ratios), ...(rounds.kept > 0 && { memory: single(peak('gateway')) }) },
    bars: [...slices.keys()]
      .map((name) => ({ name, value: middle(name, 'cpuUs') }))
      .filter(({ value }) => Number.isFinite(value)),
  }
}

const head = [
  ...['target', 'CPU us/request (user + system)', 'gateway / it', 'requests/s', 'gateway / it'],
  ...['p50 ms', 'p99 ms', 'idle MiB', 'peak MiB'],
]
