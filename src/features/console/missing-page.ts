/** Says that the console was not built, and how it is. */
export const missingPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The console is not built</title>
<h1>The console is not built</h1>
<p>The gateway works; only the files of its console are missing. <code>npm run build</code> makes them, and <code>npm start</code> does so by itself.</p>
<p>Meanwhile: <a href="../../vx11/status">what is up</a>, <a href="../../docs">the interface</a>.</p>
</html>
`
