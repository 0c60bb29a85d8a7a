/** Chooses the least loaded of several servers by their weights; equals take turns, as often as their weights say. */

export interface LoadedServer {
  weight: number
  /** What keeps it busy now. */
  load(): number
  /** Changed by each choice: who waited longest for a turn has the most. */
  credit: number
}

/**
 * Load is compared in whole shares: with the weights 3 and 1 a server that has up to two requests and one that has
 * none are equals. Undefined without servers.
 */
export function leastLoaded<Server extends LoadedServer>(servers: readonly Server[]): Server | undefined {
  if (servers.length < 2) return servers[0]
  const unit = Math.min(...servers.map(({ weight }) => weight))
  const shares = servers.map((server) => Math.floor((server.load() * unit) / server.weight))
  const least = Math.min(...shares)
  return takeTurn(servers.filter((_, index) => shares[index] === least))
}

/** Smooth weighted round robin: no server gets its turns in a row. */
function takeTurn<Server extends LoadedServer>(equals: readonly Server[]): Server | undefined {
  let [next] = equals
  let sum = 0
  for (const server of equals) {
    server.credit += server.weight
    sum += server.weight
    if (next && server.credit > next.credit) next = server
  }
  if (next) next.credit -= sum
  return next
}
