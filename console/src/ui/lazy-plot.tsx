/** The plot with its library, loaded when a view first draws one. */
import type { ComponentProps, ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type PlotType from './plot.tsx'

type PlotProps = ComponentProps<typeof PlotType>
let loaded: ComponentType<PlotProps> | null = null

export function Plot(props: PlotProps) {
  const [Drawn, setDrawn] = useState<{ view: ComponentType<PlotProps> } | null>(loaded ? { view: loaded } : null)
  useEffect(() => {
    if (Drawn) return
    void import('./plot.tsx').then((file) => {
      loaded = file.default
      setDrawn({ view: file.default })
    })
  }, [Drawn])
  return Drawn ? (
    <Drawn.view {...props} />
  ) : (
    <div class="plot-wait" style={{ height: `${(props.height ?? 168) + 28}px` }} />
  )
}
