/** For each shell the lines that set completion up in any home, an empty one too: whoever pastes them is done. */
export const SETUP_LINES: Readonly<Record<string, readonly string[]>> = {
  // bash loads this folder by itself only where the package bash-completion is there; reading it twice does no harm.
  bash: [
    'mkdir -p ~/.local/share/bash-completion/completions',
    'kmsspec completion bash > ~/.local/share/bash-completion/completions/kmsspec',
    "echo '. ~/.local/share/bash-completion/completions/kmsspec' >> ~/.bashrc",
  ],
  zsh: [
    'mkdir -p ~/.zfunc',
    'kmsspec completion zsh > ~/.zfunc/_kmsspec',
    "echo 'fpath=(~/.zfunc $fpath); autoload -Uz compinit; compinit' >> ~/.zshrc",
  ],
  fish: [
    'mkdir -p ~/.config/fish/completions',
    'kmsspec completion fish > ~/.config/fish/completions/kmsspec.fish',
  ],
};

/** What `kmsspec help completion` says behind the options. */
export const setupHelp = (): string =>
  `
Paste the lines of your shell, then open a new one:

${Object.values(SETUP_LINES)
  .map((lines) => lines.map((line) => `  ${line}`).join('\n'))
  .join('\n\n')}

It completes kmsspec, not npx: where kmsspec is installed in a project, put its node_modules/.bin into PATH first.`;
