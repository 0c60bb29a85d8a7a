/** The views as links, in groups. */
import { principal } from '../core/principal.ts'
import { link } from '../core/router.ts'
import { signOut } from '../core/session.ts'
import { t } from '../texts/index.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Mark } from './mark.tsx'
import { Switches } from './switches.tsx'
import { groups, views } from './views.ts'

export function Navigation({ current, open, onClose }: { current: string; open: boolean; onClose: () => void }) {
  const texts = t()
  return (
    <>
      <div class="veil" onClick={onClose} aria-hidden="true" />
      <nav
        class="navigation"
        id="navigation"
        aria-label={texts.shell.navigation}
        onKeyDown={(event) => event.key === 'Escape' && open && onClose()}
      >
        <a class="brand" href={link('overview')}>
          <Mark size={30} />
          <span>
            <strong>Tentáculo Link</strong>
            <small>VX11</small>
          </span>
        </a>
        <div class="nav-groups">
          {groups.map((group) => (
            <div key={group} class="nav-group" role="group" aria-label={texts.groups[group]}>
              <span class="nav-title" aria-hidden="true">
                {texts.groups[group]}
              </span>
              {views
                .filter((view) => view.group === group)
                .map(({ name }) => (
                  <a key={name} href={link(name)} aria-current={current === name ? 'page' : undefined}>
                    <Icon name={name} /> {texts.views[name]}
                  </a>
                ))}
            </div>
          ))}
        </div>
        <div class="nav-foot">
          <Switches />
          <div class="who">
            <span>
              {principal.value?.name ?? texts.shell.signedIn}
              <small>{principal.value?.scopes.join(', ') ?? ''}</small>
            </span>
            <Button kind="quiet" bare icon="leave" label={texts.shell.leave} onRun={() => signOut()} />
          </div>
        </div>
      </nav>
    </>
  )
}
