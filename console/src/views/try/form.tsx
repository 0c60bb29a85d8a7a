/** Method, path, headers and body. */
import { useState } from 'preact/hooks'
import { t } from '../../texts/index.ts'
import { Button } from '../../ui/button.tsx'
import { confirm } from '../../ui/dialog.tsx'
import { SelectField, TextField } from '../../ui/fields.tsx'
import type { Asked } from './exchange.ts'

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const
const examples = [
  '/shub/health',
  '/shub/ready',
  '/switch/queue/status',
  '/madre/power/state',
  '/vx11/status',
  '/operator/api/status',
] as const

function headersOf(text: string): [string, string][] {
  return text.split('\n').flatMap((line) => {
    const [, name, value] = /^\s*([\w-]+)\s*:\s*(.*)$/.exec(line) ?? []
    return name && value !== undefined ? [[name, value.trim()]] : []
  })
}

interface FormProps {
  method: string
  path: string
  ask: (asked: Asked) => Promise<void>
}

export function RequestForm(given: FormProps) {
  const texts = t().try
  const [method, setMethod] = useState(given.method)
  const [path, setPath] = useState(given.path)
  const [headers, setHeaders] = useState('')
  const [body, setBody] = useState('')
  const changes = method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS'
  const submit = async () => {
    if (
      changes &&
      !(await confirm({
        title: texts.confirmTitle,
        body: texts.confirmBody(`${method} ${path}`),
        action: texts.send,
        danger: method === 'DELETE',
      }))
    )
      return
    const typed = headersOf(headers)
    const isJson = body.trim().startsWith('{') || body.trim().startsWith('[')
    const hasType = typed.some(([name]) => name.toLowerCase() === 'content-type')
    await given.ask({
      method,
      path,
      body,
      headers: isJson && changes && !hasType ? [...typed, ['content-type', 'application/json']] : typed,
    })
  }
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <div class="filters">
        <SelectField
          label={texts.method}
          value={method}
          onChange={setMethod}
          options={methods.map((each) => [each, each])}
        />
        <div class="grow field">
          <TextField label={texts.path} value={path} onInput={setPath} list={examples} />
        </div>
        <Button kind="primary" icon="play" label={texts.send} onRun={submit} />
      </div>
      <div class="columns">
        <TextField
          label={texts.headers}
          value={headers}
          onInput={setHeaders}
          area
          rows={3}
          placeholder="Accept: application/json"
          hint={texts.tokenGoesAlong}
        />
        {changes ? (
          <TextField label={texts.body} value={body} onInput={setBody} area rows={3} placeholder="{}" />
        ) : null}
      </div>
    </form>
  )
}
