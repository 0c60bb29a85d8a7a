/** One nginx worker as a proxy that keeps its upstream connections, with and without a cache; all files in one folder. */

export interface NginxSettings {
  folder: string
  port: number
  upstreamPort: number
  cached: boolean
  /** Who owns the folder, where nginx would otherwise change to a user who may not enter it: when root starts it. */
  owner: string | null
}

export const nginxConf = ({ folder, port, upstreamPort, cached, owner }: NginxSettings): string => `
daemon off;
${owner ? `user ${owner};` : ''}
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log crit;
events { worker_connections 4096; }
http {
  access_log off;
  keepalive_requests 1000000000;
  client_body_temp_path ${folder}/client;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  ${cached ? `proxy_cache_path ${folder}/cache keys_zone=bench:1m use_temp_path=off;` : ''}
  upstream bench { server 127.0.0.1:${upstreamPort}; keepalive 1024; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://bench;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_max_temp_file_size 0;
      ${cached ? 'proxy_cache bench; proxy_cache_valid 200 60s;' : 'proxy_buffering on;'}
    }
    location = /sse {
      proxy_pass http://bench;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
    }
  }
}
`
