/** What a window can wake, with its state now. */
import { read, vx11 } from '../../core/api.ts'
import { measured, useReading } from '../../core/reading.ts'

const never = ['tentaculo_link', 'database', 'redis', 'operator-backend', 'operator', 'madre']

export function useWakeable(): { name: string; state: string }[] {
  const modules = useReading(() => read(vx11.operator.api.modules.$get()), { every: measured, on: 'gateway.module' })
  return (modules.data?.modules_list ?? [])
    .filter(({ name }) => !never.includes(name))
    .map(({ name, status }) => ({ name, state: status }))
}
