/** How long: a few usual lengths, or any number of seconds up to a day. */
import { t } from '../../texts/index.ts'
import { Choice, TextField } from '../../ui/fields.tsx'

export const presets = ['300', '600', '1800', '3600', '14400'] as const

export function TtlChoice({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const texts = t().windows
  const label = (seconds: string) =>
    Number(seconds) < 3600 ? `${Number(seconds) / 60} min` : `${Number(seconds) / 3600} h`
  return (
    <div class="row ttl">
      <Choice
        label={texts.length}
        value={value}
        onChange={onChange}
        options={presets.map((each) => [each, label(each)])}
      />
      <TextField
        label={texts.seconds}
        hideLabel
        type="number"
        value={value}
        onInput={onChange}
        invalid={!isLength(value)}
      />
      <span class="muted small">{texts.seconds}</span>
    </div>
  )
}

export const isLength = (value: string) => /^\d{1,5}$/.test(value) && Number(value) >= 1 && Number(value) <= 86_400
