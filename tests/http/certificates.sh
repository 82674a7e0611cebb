#!/bin/sh
# usage: certificates.sh DIR
# Make a certificate authority (ca.pem) and a certificate for localhost, not for 127.0.0.1
# (localhost.pem, localhost.key), in DIR.
set -eu
cd "$1"
key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1"; }
key ca.key
openssl req -x509 -new -key ca.key -days 2 -subj "/CN=mwatch test authority" -out ca.pem \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign
key localhost.key
openssl req -new -key localhost.key -subj "/CN=localhost" -out localhost.csr
printf 'subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n' >extensions
openssl x509 -req -in localhost.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 \
    -extfile extensions -out localhost.pem 2>/dev/null
