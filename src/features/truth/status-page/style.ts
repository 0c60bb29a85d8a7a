/** How the status page looks, in both colour schemes. */
export const style = `:root{color-scheme:light dark;--bg:#f4f6f8;--panel:#fff;--line:#dce3ea;--text:#13202b;--muted:#536270;--accent:#0b736a;--ok:#0b7040;--some:#855300;--bad:#b8203a;--asleep:#5147c4;--none:#8794a1}
@media(prefers-color-scheme:dark){:root{--bg:#0a0f14;--panel:#10171f;--line:#222e3a;--text:#e7eef5;--muted:#9caebf;--accent:#3cd3c0;--ok:#45d493;--some:#f3b94f;--bad:#ff8490;--asleep:#aaa5ff;--none:#6b7d8f}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:16px/1.5 ui-sans-serif,system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:760px;margin:0 auto;padding:32px 16px}
header,.line{display:flex;align-items:baseline;justify-content:space-between;gap:12px}
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:28px 0 12px}h3{font-size:1rem;margin:0;overflow-wrap:anywhere}
a{color:var(--accent)}a:focus-visible,summary:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.overall{margin:20px 0 8px;padding:14px 16px;border:1px solid var(--line);border-left:5px solid var(--tone);border-radius:10px;background:var(--panel);font-weight:600}
.overall.operational,.state.up{--tone:var(--ok)}.overall.down,.state.down{--tone:var(--bad)}.state.asleep{--tone:var(--asleep)}.overall.unknown,.state.unknown{--tone:var(--muted)}
.muted{color:var(--muted)}.small{font-size:.8125rem}
.services{list-style:none;margin:0;padding:0;border:1px solid var(--line);border-radius:10px;background:var(--panel)}
.services>li{padding:14px 16px}.services>li+li{border-top:1px solid var(--line)}
.state{color:var(--tone);font-weight:600;white-space:nowrap}.state::before{content:"";display:inline-block;width:.6em;height:.6em;margin-right:.45em;border-radius:50%;background:var(--tone)}
.days{display:block;width:100%;height:34px;margin:10px 0 4px}
.days rect:hover{opacity:.7}
.ok{fill:var(--ok);background:var(--ok)}.some{fill:var(--some);background:var(--some)}.bad{fill:var(--bad);background:var(--bad)}.asleep{fill:var(--asleep)}.none{fill:var(--none);background:var(--none)}i.asleep{background:var(--asleep)}
.legend{display:flex;flex-wrap:wrap;gap:6px 18px;font-size:.8125rem;color:var(--muted)}
.legend i{display:inline-block;width:.75em;height:.75em;margin-right:.4em;border-radius:2px}
details{margin-top:6px;font-size:.875rem}summary{cursor:pointer;color:var(--muted)}details ul{margin:6px 0 0;padding-left:20px}
`
