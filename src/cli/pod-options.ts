import { InvalidArgumentError, Option } from 'commander';

/** `--config` of every command that runs a pod. */
export function configOption(): Option {
  return new Option('-c, --config <file>', 'proxy_config.yaml to read (default: only the environment)').env(
    'CONFIG_FILE_PATH',
  );
}

export function portOption(): Option {
  return new Option('--port <number>', 'TCP port to listen on; 0 selects a free port')
    .env('PORT')
    .default(4000)
    .argParser(portOf);
}

export function hostOption(): Option {
  return new Option('--host <address>', 'address to listen on').env('HOST').default('0.0.0.0');
}

function portOf(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError('It must be a whole number from 0 to 65535.');
}
