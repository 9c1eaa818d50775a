package resources_test

import (
	"fmt"
	"net/netip"

	"github.com/phpsock/phpsock/resources"
)

func ExampleTable() {
	table := resources.NewTable()
	defer table.CloseAll()

	_, target := resources.SplitTransport("tcp://127.1:0")
	host, port, err := resources.ParseHostPort(target)
	if err != nil {
		fmt.Println(err)
		return
	}
	addr, _ := resources.NumericHost(host)
	var options resources.Options
	server, err := resources.Bind(resources.TCP, []netip.AddrPort{netip.AddrPortFrom(addr, port)}, options)
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := server.Listen(options.ListenBacklog()); err != nil {
		fmt.Println(err)
		return
	}
	handle := table.Insert(server)

	for _, info := range table.List() {
		fmt.Println(info.Handle == handle, info.Transport, info.Kind, netip.MustParseAddrPort(info.Local).Addr())
	}
	fmt.Println(table.CloseAll(), "closed,", table.Len(), "left")
	// Output:
	// true tcp listener 127.0.0.1
	// 1 closed, 0 left
}

func ExampleStrerror() {
	_, err := resources.BindUnix(resources.Unix, "/no/such/folder/socket", resources.Options{})
	fmt.Println(err)
	fmt.Println(resources.Strerror(98))
	// Output:
	// resources: bind "/no/such/folder/socket": No such file or directory
	// Address already in use
}
