/** The learned order for the gauges of a scrape; none where rotation is off. */
import type { ChatModelGauge } from '../../../ports/index.ts'
import type { RotationReportDeps } from './report.ts'

export function chatModelGauges({ chat, config }: RotationReportDeps): ChatModelGauge[] {
  if (config.chat.rotation.mode === 'off') return []
  const { order, figures, scoreOf } = chat.rotation.read()
  return order.map((model, index) => ({
    ...{ model, position: index + 1 },
    worth: figures.has(model) ? scoreOf(model).value : null,
  }))
}
