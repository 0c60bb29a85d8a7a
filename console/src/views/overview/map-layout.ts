/** Where the boxes of the map stand: what the gateway reaches comes first, the rest in a column behind. */

export interface Box {
  x: number
  y: number
  width: number
  height: number
}

const [width, height, step] = [206, 58, 76]
const stores = ['database', 'redis']

export function layout(ids: readonly string[], edges: readonly { from: string; to: string }[]) {
  const services = ids.filter((id) => id !== 'tentaculo_link' && !stores.includes(id))
  const isReached = (id: string) => edges.some(({ to }) => to === id)
  const reached = services.filter(isReached)
  const rest = services.filter((id) => !isReached(id))
  const [near, far] = balanced(reached, rest)
  const rows = Math.max(near.length, far.length, 3)
  const middle = (rows * step) / 2
  const boxes = new Map<string, Box>()
  const column = (names: readonly string[], x: number) => {
    const top = middle - (names.length * step) / 2 + (step - height) / 2
    names.forEach((id, row) => {
      boxes.set(id, { x, y: top + row * step, width, height })
    })
  }
  column(
    stores.filter((id) => ids.includes(id)),
    4,
  )
  column(['tentaculo_link'], 290)
  column(near, 578)
  column(far, 826)
  return { boxes, height: rows * step + 4 }
}

/** Two columns of at most five; what is reached stays in the near one as far as it fits. */
function balanced(reached: readonly string[], rest: readonly string[]): [string[], string[]] {
  const all = [...reached, ...rest]
  const half = Math.ceil(all.length / 2)
  const near = Math.max(half, Math.min(reached.length, 5))
  return [all.slice(0, near), all.slice(near)]
}
