/** Whether an answer was good: kept with it, and learned of its model. */
import { read, vx11 } from '../../core/api.ts'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { plain } from '../../ui/hostile-text.ts'
import { toast } from '../../ui/toast.tsx'

interface ThumbsProps {
  id: string
  thumb: 'up' | 'down' | null
  reload: () => Promise<void>
}

export function Thumbs({ id, thumb, reload }: ThumbsProps) {
  const texts = t().rotation
  const judge = async (given: 'up' | 'down') => {
    const json = { thumb: thumb === given ? null : given }
    const route = vx11.operator.api.chat.messages[':message_id'].thumb
    const kept = await read(route.$put({ param: { message_id: id }, json }))
    await reload()
    const hint = kept.counts_for ? texts.countsFor(plain(kept.counts_for, 80)) : texts.countsForNone
    toast('ok', texts.judged, { hint })
  }
  return (
    <>
      {(['up', 'down'] as const).map((each) => (
        <Button
          key={each}
          kind="quiet"
          bare
          icon={each === 'up' ? 'thumbUp' : 'thumbDown'}
          label={texts[each]}
          needs="operator"
          pressed={thumb === each}
          onRun={() => judge(each)}
        />
      ))}
    </>
  )
}
