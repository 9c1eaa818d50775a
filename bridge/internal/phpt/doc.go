// Package phpt reads PHP's test files (.phpt), decides whether an output is the one that a file expects, and runs
// files with a php-compatible command line.
//
// The format and its rules are those of PHP's own run-tests.php, so that both can run the same files:
// https://qa.php.net/phpt_details.php. Sections that make sense only for web requests (GET, POST, COOKIE, …) or for
// another debugger are refused like misspelt ones.
package phpt
