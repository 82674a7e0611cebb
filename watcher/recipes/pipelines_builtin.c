/* What melange's own pipelines need (its pkg/build/pipelines, 2026-08). A recipe whose repository
 * has no go/build of its own builds with `go` all the same. */
#include "watcher/recipes/pipelines.h"

#define BUSYBOX "{needs: {packages: [busybox]}}"
#define CERTIFICATES "{needs: {packages: [busybox, ca-certificates-bundle]}}"

const struct builtin_pipeline builtin_pipelines[] = {
    {"R/build", "{needs: {packages: [R, R-dev, busybox]}}"},
    {"autoconf/configure", "{needs: {packages: [autoconf, automake]}}"},
    {"autoconf/make", "{needs: {packages: [make]}}"},
    {"autoconf/make-install", "{needs: {packages: [make]}}"},
    {"cargo/build", "{needs: {packages: [build-base, busybox, cargo-auditable, rust]}}"},
    {"cmake/build", "{needs: {packages: [cmake, ninja]}}"},
    {"cmake/configure", "{needs: {packages: [cmake, ninja]}}"},
    {"cmake/install", "{needs: {packages: [cmake, ninja]}}"},
    {"cran/build", "{needs: {packages: [R, R-dev, busybox]}}"},
    {"fetch", "{needs: {packages: [wget]}}"},
    {"git-am", "{needs: {packages: [git]}}"},
    {"git-checkout", "{needs: {packages: [git]}}"},
    {"go/build", "{needs: {packages: ['${{inputs.go-package}}', busybox, ca-certificates-bundle]},"
                 " inputs: {go-package: {default: go}}}"},
    {"go/build/v2", "{needs: {packages: [busybox, ca-certificates-bundle]},"
                    " pipeline: [{uses: strip}]}"},
    {"go/bump", "{needs: {packages: [git, gobump]}}"},
    {"go/covdata", "{needs: {packages: ['${{inputs.package}}', busybox]},"
                   " inputs: {package: {default: go}}}"},
    {"go/install",
     "{needs: {packages: ['${{inputs.go-package}}', busybox, ca-certificates-bundle, git]},"
     " inputs: {go-package: {default: go}}}"},
    {"goreleaser/build", "{needs: {packages: [busybox, ca-certificates-bundle, goreleaser]}}"},
    {"maven/configure-mirror", BUSYBOX},
    {"maven/pombump", "{needs: {packages: [busybox, pombump]}}"},
    {"meson/compile", "{needs: {packages: [meson]}}"},
    {"meson/configure", "{needs: {packages: [meson]}}"},
    {"meson/install", "{needs: {packages: [meson]}}"},
    {"npm/install", "{needs: {packages: [nodejs, '${{inputs.command}}', busybox]},"
                    " inputs: {command: {default: npm}}}"},
    {"patch", "{needs: {packages: [patch]}}"},
    {"pecl/install", "{needs: {packages: [automake, busybox]}}"},
    {"pecl/phpize", "{needs: {packages: [autoconf, busybox]}}"},
    {"perl/cleanup", BUSYBOX},
    {"perl/cpan-install", "{needs: {packages: [busybox, perl]}}"},
    {"perl/make", "{needs: {packages: [busybox, perl]}}"},
    {"php/composer-install", "{needs: {packages: [busybox, ca-certificates-bundle, composer]}}"},
    {"python/build", BUSYBOX},
    {"python/build-gpep517", BUSYBOX},
    {"python/build-wheel", BUSYBOX},
    {"python/install", BUSYBOX},
    {"ruby/build", CERTIFICATES},
    {"ruby/clean", CERTIFICATES},
    {"ruby/install", CERTIFICATES},
    {"split/alldocs", BUSYBOX},
    {"split/bin", BUSYBOX},
    {"split/debug", "{needs: {packages: [binutils, scanelf]}}"},
    {"split/dev", BUSYBOX},
    {"split/infodir", BUSYBOX},
    {"split/lib", BUSYBOX},
    {"split/locales", "{}"},
    {"split/manpages", "{}"},
    {"split/static", "{}"},
    {"strip", "{needs: {packages: [binutils, scanelf]}}"},
    {"xcover/profile", "{needs: {packages: [busybox, '${{inputs.package}}']},"
                       " inputs: {package: {default: xcover}}}"},
    {NULL, NULL},
};
