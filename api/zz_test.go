package api_test
import ("testing";"time";"fmt")
func TestZZ(t *testing.T){ t.Parallel(); b:=time.Now(); w:=newWorld(t); fmt.Println(time.Since(b)); b=time.Now(); d:=dumped(t,w.beside); fmt.Println(time.Since(b), len(d)); fmt.Println(w.agreed()) }
