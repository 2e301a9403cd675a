# zsh -f complete.zsh SCRIPT LINE: what zsh itself offers for LINE behind the completion SCRIPT, one "HIT:" a line.
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "PROMPT= ; autoload -Uz compinit; compinit -u; source $1; zstyle ':completion:*' list-grouped false"
zpty -w z "compadd () { if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd \"\$@\"; return \$?; fi; typeset -a hits_; builtin compadd -O hits_ \"\$@\"; print -l -- \"HIT:\"\${^hits_}; }"
zpty -w z "complete-now_ () { compstate[insert]=; _main_complete; print DO''NE:; exit }; zle -C complete-now_ complete-word complete-now_; bindkey '^X' complete-now_"
zpty -n -w z "$2"$'\C-X'
zpty -r z text '*DONE:*'; print -r -- $text
