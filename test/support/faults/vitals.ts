/** What a gateway process holds right now, by its own /metrics: where it leaks, one of these grows. */
import { type Gateway, residentMiB } from '../gateways.ts'

export interface Vitals {
  fds: number
  sockets: number
  timers: number
  resources: number
  residentMiB: number
  heapMiB: number
}

export async function readVitals(gateway: Gateway): Promise<Vitals> {
  const text = await (await gateway.fetch('/metrics')).text()
  const value = (name: string) => {
    const line = text.split('\n').find((each) => each.startsWith(`${name} `))
    return line === undefined ? 0 : Number(line.slice(name.length + 1))
  }
  return {
    fds: value('process_open_fds'),
    sockets: value('nodejs_active_resources{type="TCPSocketWrap"}'),
    timers: value('nodejs_active_resources{type="Timeout"}'),
    resources: value('nodejs_active_resources_total'),
    residentMiB: value('process_resident_memory_bytes') / 2 ** 20,
    heapMiB: value('nodejs_heap_size_used_bytes') / 2 ** 20,
  }
}

/** The most memory a process has held while we looked, every 50 ms. */
export async function watchMemory({ process: { pid = 0 } }: Gateway) {
  const atFirst = await residentMiB(pid)
  let max = atFirst
  const timer = setInterval(async () => {
    max = Math.max(max, await residentMiB(pid).catch(() => 0))
  }, 50)
  return {
    stop(): { atFirst: number; max: number; grown: number } {
      clearInterval(timer)
      return { atFirst, max, grown: max - atFirst }
    },
  }
}
