package bridge

// Where the headers and libphp are on Debian 12 and 13 and in the official PHP images.
// Elsewhere CGO_CFLAGS and CGO_LDFLAGS, which come first, name the places:
//
//	CGO_CFLAGS="$(php-config --includes)" CGO_LDFLAGS="-L$(php-config --prefix)/lib" go build ./...

/*
#cgo CFLAGS: -D_GNU_SOURCE -Wall -Wno-unused-parameter -fvisibility=hidden
#cgo CFLAGS: -I/usr/local/include/php -I/usr/local/include/php/main -I/usr/local/include/php/Zend -I/usr/local/include/php/TSRM -I/usr/local/include/php/ext
#cgo CFLAGS: -I/usr/include/php/20220829 -I/usr/include/php/20220829/main -I/usr/include/php/20220829/Zend -I/usr/include/php/20220829/TSRM -I/usr/include/php/20220829/ext
#cgo CFLAGS: -I/usr/include/php/20240924 -I/usr/include/php/20240924/main -I/usr/include/php/20240924/Zend -I/usr/include/php/20240924/TSRM -I/usr/include/php/20240924/ext
#cgo LDFLAGS: -L/usr/local/lib -lphp -ldl -lpthread
*/
import "C"
