//go:build linux

package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// smallDisk mounts a disk of a few MB; only root may.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("needs root, to mount a small disk")
	}
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skip("cannot mount a small disk: ", err)
	}
	t.Cleanup(func() { _ = unix.Unmount(dir, unix.MNT_DETACH) })
	return dir
}

// TestDiskFull ingests more than fits: the command says so and fails, what was
// stored before is found, and with more room the next run completes the rest.
func TestDiskFull(t *testing.T) {
	disk := smallDisk(t, "6m")
	data, folder := filepath.Join(disk, "data"), guidelines(t, 1500)
	whole := filepath.Join(t.TempDir(), "data")
	if code, out := program(t, "ingest", "--embedder", "none", "--data", whole, folder); code != exitOK {
		t.Fatalf("ingest with room: %d %s", code, out)
	}
	code, out := program(t, "ingest", "--embedder", "none", "--data", data, folder)
	if code != exitFailed || !strings.Contains(out, "disken er fuld") {
		t.Fatalf("ingest on a full disk: %d %.2000s", code, out)
	}
	if code, out := program(t, "doctor", "--embedder", "none", "--data", data); code != exitFindings || !strings.Contains(out, "Gør plads") {
		t.Errorf("doctor on a full disk: %d %s", code, out)
	}
	if err := unix.Mount("tmpfs", disk, "tmpfs", unix.MS_REMOUNT, "size=200m"); err != nil {
		t.Fatal(err)
	}
	if code, out := program(t, "ingest", "--embedder", "none", "--data", data, folder); code != exitOK {
		t.Fatalf("ingest with room again: %d %s", code, out)
	}
	if got, want := fingerprint(t, data), fingerprint(t, whole); got != want {
		t.Errorf("the collection differs:\n%s", firstDifference(got, want))
	}
	inStep(t, data)
}

// TestUploadToAFullDisk fills the disk below a running server: an upload is
// refused in plain words, questions are answered on, and with room the upload
// goes through.
func TestUploadToAFullDisk(t *testing.T) {
	disk := smallDisk(t, "24m")
	data := filepath.Join(disk, "data")
	if code, out := program(t, "ingest", "--embedder", "none", "--data", data, guidelines(t, 20)); code != exitOK {
		t.Fatalf("ingest: %d %s", code, out)
	}
	p := beginServing(t, data).ready(t)
	upload := func() (int, string) {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		part, err := form.CreateFormFile("file", "ny.md")
		if err == nil {
			_, err = fmt.Fprintf(part, "# Ny vejledning\n\n%s", strings.Repeat("Kommunen skal svare inden 14 dage.\n\n", 20000))
		}
		if err := errors.Join(err, form.Close()); err != nil {
			t.Fatal(err)
		}
		res, err := http.Post(p.base+"/api/v1/documents", form.FormDataContentType(), &body)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		said, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, string(said)
	}
	filler, err := os.Create(filepath.Join(disk, "fyld"))
	if err != nil {
		t.Fatal(err)
	}
	for block := make([]byte, 64<<10); ; {
		if _, err := filler.Write(block); err != nil {
			break
		}
	}
	if status, said := upload(); status != http.StatusInsufficientStorage || !strings.Contains(said, "disken er fuld") {
		t.Errorf("upload to a full disk: %d %s", status, said)
	}
	if status, err := askServer(t.Context(), p.base); status != http.StatusOK {
		t.Errorf("a question on a full disk: %d %v", status, err)
	}
	if err := errors.Join(filler.Close(), os.Remove(filler.Name())); err != nil {
		t.Fatal(err)
	}
	if status, said := upload(); status != http.StatusOK || !strings.Contains(said, `"read"`) {
		t.Errorf("upload with room again: %d %s", status, said)
	}
	if code := p.stop(t); code != exitOK {
		t.Errorf("serve: %d\n%s", code, p.log)
	}
	inStep(t, data)
}

// TestReadOnlyFolder uses a folder on a disk that cannot be written to: what
// writes says why it fails.
func TestReadOnlyFolder(t *testing.T) {
	disk := smallDisk(t, "64m")
	data, folder := filepath.Join(disk, "data"), guidelines(t, 5)
	if code, out := program(t, "ingest", "--embedder", "none", "--data", data, folder); code != exitOK {
		t.Fatalf("ingest: %d %s", code, out)
	}
	if err := unix.Mount("tmpfs", disk, "tmpfs", unix.MS_REMOUNT|unix.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"ingest", folder}, {"serve", "--addr", "127.0.0.1:0"}, {"search", "klagefrist"}} {
		code, out := program(t, append(args, "--embedder", "none", "--data", data)...)
		if code != exitFailed || !strings.Contains(out, "kan ikke skrives i datamappen") {
			t.Errorf("%s: %d %s", args[0], code, out)
		}
	}
	if code, out := program(t, "doctor", "--embedder", "none", "--data", data); code != exitFindings || !strings.Contains(out, "Der kan ikke skrives") {
		t.Errorf("doctor: %d %s", code, out)
	}
	if code, out := program(t, "backup", "--data", data, filepath.Join(t.TempDir(), "kopi")); code != exitOK {
		t.Errorf("backup from a disk that cannot be written to: %d %s", code, out)
	}
}
