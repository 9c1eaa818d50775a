package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// onThread runs f on a thread of its own, so that f may say where the processes it
// starts run, and that they end with it.
func onThread(f func() error) error {
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread() // for good: nobody else is to inherit its affinity
		done <- f()
	}()
	return <-done
}

// process is a process on one processor or several.
type process struct {
	cmd    *exec.Cmd
	cancel context.CancelFunc
	stdout *bufio.Reader
	stderr bytes.Buffer
}

// start starts a process, which ends with ctx, with stop, and with the thread of
// onThread.
func start(ctx context.Context, cpus []int, env, argv []string) (*process, error) {
	var set unix.CPUSet
	for _, cpu := range cpus {
		set.Set(cpu)
	}
	if err := unix.SchedSetaffinity(0, &set); err != nil {
		return nil, fmt.Errorf("bench: affinity: %w", err)
	}
	ctx, cancel := context.WithCancel(ctx)
	p := &process{cmd: exec.CommandContext(ctx, argv[0], argv[1:]...), cancel: cancel}
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: unix.SIGKILL}
	p.cmd.Stderr = &p.stderr
	p.cmd.WaitDelay = time.Second
	out, err := p.cmd.StdoutPipe()
	if err == nil {
		err = p.cmd.Start()
	}
	if err != nil {
		cancel()
		return nil, fmt.Errorf("bench: start %s: %w", argv[0], err)
	}
	p.stdout = bufio.NewReader(out)
	return p, nil
}

// line returns what the process prints next.
func (p *process) line() (string, error) {
	line, err := p.stdout.ReadString('\n')
	if err == nil {
		return strings.TrimSuffix(line, "\n"), nil
	}
	p.stop()
	return "", fmt.Errorf("bench: %s ended (%v) with %q %q", strings.Join(p.cmd.Args, " "),
		p.cmd.ProcessState, line, bytes.TrimSpace(p.stderr.Bytes()))
}

// end waits for the process to end by itself, and well.
func (p *process) end() error {
	defer p.cancel()
	printed, _ := io.ReadAll(p.stdout)
	if err := p.cmd.Wait(); err != nil {
		return fmt.Errorf("bench: %s: %w, with %q %q", strings.Join(p.cmd.Args, " "), err,
			printed, bytes.TrimSpace(p.stderr.Bytes()))
	}
	return nil
}

// stop ends the process. It may be called again.
func (p *process) stop() {
	p.cancel()
	_ = p.cmd.Wait() // that it was killed is no news
}

// processorTime returns how long the process has been computing.
func (p *process) processorTime() (time.Duration, error) {
	// The kernel's number for the processor clock of another process, see clock_getcpuclockid(3).
	const schedClock = 2
	var t unix.Timespec
	if err := unix.ClockGettime(int32(^p.cmd.Process.Pid<<3|schedClock), &t); err != nil {
		return 0, fmt.Errorf("bench: processor time: %w", err)
	}
	return time.Duration(t.Nano()), nil
}

// allowedCPUs returns the numbers of the processors that this process may use.
func allowedCPUs() ([]int, error) {
	var set unix.CPUSet
	if err := unix.SchedGetaffinity(0, &set); err != nil {
		return nil, fmt.Errorf("bench: affinity: %w", err)
	}
	var cpus []int
	for cpu := range len(set) * 64 {
		if set.IsSet(cpu) {
			cpus = append(cpus, cpu)
		}
	}
	return cpus, nil
}
