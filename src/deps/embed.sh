#!/bin/sh
# embed.sh FILE...: print the C source of src/base/embed.h's table for these files.
#
# The assembler copies the bytes in (.incbin): a C array of numbers would compile a
# hundred times slower. It is told each length, so the table cannot claim more bytes
# than are there. Paths are as given, relative to the checkout, hence the same bytes
# wherever it lies.
set -eu
export LC_ALL=C
if [ $# -gt 0 ]; then files=$(printf '%s\n' "$@" | sort); else files=''; fi

printf '// Written by src/deps/embed.sh.\n#include "base/embed.h"\n\n'
printf '%s\n' "$files" | while read -r file; do
    [ -n "$file" ] || continue
    case $file in *[!A-Za-z0-9._/-]*)
        echo "embed: error: '$file': only letters, digits and . _ - / in names" >&2
        exit 1
        ;;
    esac
    printf '%s %s\n' "$(wc -c <"$file")" "$file"
done | awk '
    {
        asm = asm sprintf("extern const unsigned char embedded_%d[];\n", NR) \
            "__asm__(\".pushsection .rodata\\n\"\n" \
            sprintf("        \"embedded_%d: .incbin \\\"%s\\\", 0, %d\\n\"\n", NR, $2, $1) \
            "        \".byte 0\\n.popsection\\n\");\n"
        rows = rows sprintf("    {\"%s\", embedded_%d, %d},\n", $2, NR, $1)
    }
    END {
        printf "%s\nconst EmbeddedFile embedded_files[] = {\n%s    {0},\n};\n", asm, rows
        printf "const size_t embedded_files_n = %d;\n", NR
    }'
