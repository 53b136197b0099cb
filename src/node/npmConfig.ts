/**
 * Which npm registry a person uses, by their own configuration of npm: the environment and the file in their home
 * folder. A workspace's `.npmrc` is never read: opening a folder must not decide where requests go, or with which token.
 */

/** Where packages come from for whoever has configured nothing. */
export const PUBLIC_REGISTRY = 'https://registry.npmjs.org/';

export interface NpmConfig {
  /** Address of the registry for a package or scope, with a slash at its end. */
  registryFor(name: string): string;
  /** The token for an address, where the configuration has one for it or for a folder above it; never over plain http to another machine. */
  tokenFor(address: string): string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The configuration of these variables and of the text of an `.npmrc`, of which an empty one stands for none. */
export function npmConfig(environment: Environment, npmrc: string): NpmConfig {
  const file = readNpmrc(npmrc, environment);
  const usual = address(variable(environment, 'registry')) ?? address(file.get('registry')) ?? PUBLIC_REGISTRY;
  return {
    registryFor: name => {
      const scope = /^(@[^/]+)(?:\/|$)/u.exec(name)?.[1];
      return (scope === undefined ? undefined : address(file.get(`${scope}:registry`))) ?? usual;
    },
    tokenFor: text => {
      const { protocol, hostname, host, pathname } = new URL(text);
      if (protocol !== 'https:' && !isThisMachine(hostname)) {
        return undefined;
      }
      for (let path = pathname.replace(/[^/]*$/u, ''); path !== ''; path = path.replace(/[^/]*\/$/u, '')) {
        const token = file.get(`//${host}${path}:_authToken`) ?? file.get(`//${host}${path.slice(0, -1)}:_authToken`);
        if (token !== undefined && /^[\x21-\x7e]+$/u.test(token)) {
          return token;
        }
      }
      return undefined;
    },
  };
}

/** Where the person's own `.npmrc` is. */
export function npmrcPath(environment: Environment, home: string): string {
  return variable(environment, 'userconfig') ?? `${home}/.npmrc`;
}

/** True for a host name that stands for the machine itself. */
export function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]';
}

/** npm reads its variables whatever the case of their letters. */
function variable(environment: Environment, name: string): string | undefined {
  const key = Object.keys(environment).find(one => one.toLowerCase() === `npm_config_${name}`);
  const value = key === undefined ? undefined : environment[key];
  return value === '' ? undefined : value;
}

/** Lines `key = value`; `${NAME}` in a value stands for a variable of the environment. */
function readNpmrc(text: string, environment: Environment): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.replace(/^\uFEFF/u, '').split(/\r?\n/u)) {
    const [, key, value] = /^\s*([^#;=[\s][^=]*?)\s*=\s*(.*?)\s*$/u.exec(line) ?? [];
    if (key !== undefined && value !== undefined && value !== '') {
      const plain = value.replace(/^(["'])(.*)\1$/u, '$2');
      values.set(key, plain.replace(/\$\{([^}]+)\}/gu, (whole, name: string) => environment[name] ?? whole));
    }
  }
  return values;
}

/** An http address that ends with a slash; `undefined` for anything else. */
function address(text: string | undefined): string | undefined {
  if (text === undefined || !URL.canParse(text)) {
    return undefined;
  }
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return undefined;
  }
  url.search = '';
  url.hash = '';
  return url.href.endsWith('/') ? url.href : `${url.href}/`;
}
