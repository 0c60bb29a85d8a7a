/** Form fields: a label always, the hint tied to its field. */
import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'

interface Common {
  label: string
  hint?: ComponentChildren
  hideLabel?: boolean
}

interface TextProps extends Common {
  value: string
  onInput: (value: string) => void
  type?: 'text' | 'password' | 'number' | 'search'
  placeholder?: string
  area?: boolean
  rows?: number
  required?: boolean
  list?: readonly string[]
  autoComplete?: string
  invalid?: boolean
}

export function TextField({
  label,
  hint,
  hideLabel,
  value,
  onInput,
  area,
  type = 'text',
  list,
  invalid,
  ...rest
}: TextProps) {
  const id = useId()
  const common = {
    id,
    value,
    'aria-describedby': hint ? `${id}-hint` : undefined,
    'aria-invalid': invalid || undefined,
    spellcheck: false,
    onInput: (event: { currentTarget: { value: string } }) => onInput(event.currentTarget.value),
    ...rest,
  }
  return (
    <div class="field">
      <label for={id} class={hideLabel ? 'visually-hidden' : ''}>
        {label}
      </label>
      {area ? (
        <textarea {...common} />
      ) : (
        <input {...common} type={type as 'text'} list={list ? `${id}-list` : undefined} />
      )}
      {list ? (
        <datalist id={`${id}-list`}>
          {list.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
      ) : null}
      {hint ? (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      ) : null}
    </div>
  )
}

interface SelectProps extends Common {
  value: string
  onChange: (value: string) => void
  options: readonly (readonly [string, string])[]
}

export function SelectField({ label, hideLabel, value, onChange, options }: SelectProps) {
  const id = useId()
  return (
    <div class="field">
      <label for={id} class={hideLabel ? 'visually-hidden' : ''}>
        {label}
      </label>
      <select id={id} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {options.map(([code, text]) => (
          <option key={code} value={code}>
            {text}
          </option>
        ))}
      </select>
    </div>
  )
}

export function Check({
  label,
  checked,
  onChange,
  hint,
}: Common & { checked: boolean; onChange: (checked: boolean) => void }) {
  return (
    <label class="check">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span>
        {label}
        {hint ? <small class="muted"> {hint}</small> : null}
      </span>
    </label>
  )
}

/** One of a few, as a row of buttons. */
export function Choice({ label, value, onChange, options }: SelectProps) {
  return (
    <fieldset class="choice">
      <legend class="visually-hidden">{label}</legend>
      {options.map(([code, text]) => (
        <button key={code} type="button" aria-pressed={code === value} onClick={() => onChange(code)}>
          {text}
        </button>
      ))}
    </fieldset>
  )
}
